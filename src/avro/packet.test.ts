import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Alert } from "../alert/alert";
import { decodeAlert } from "../alert/decode";
import { simulateNight } from "../simulate/night";

const night = (survey: "ztf" | "lsst") =>
  [...simulateNight({ survey, seed: 3, alerts: 4, visits: 2, stamps: "none" }).visits()].flatMap(
    ({ alerts }) => alerts,
  );
const anew = (alert: Alert) => decodeAlert(alert.bytes);
const inherited = ["clone", "toBuffer", "toString", "constructor", "hasOwnProperty", "__proto__", "wrap"];

describe.each([
  ["ztf", "candidate", ["magpsf", "rb", "jd"], "prv_candidates"],
  ["lsst", "diaSource", ["psfFlux", "reliability", "ra"], "prvDiaSources"],
] as const)("the packet of %s", (survey, group, names, list) => {
  const alerts = night(survey);

  it("gives the same values whatever was read before, and however often", () => {
    for (let round = 0; round < 3; round++) {
      // the first alert teaches the reader a name, the next ones are read with it alone
      for (const [n, alert] of alerts.entries()) {
        const { packet } = anew(alert);
        const whole = alert.decode();
        for (const name of [names[n % 3]!, ...names, ...names]) expect(packet[group][name]).toBe(whole[group][name]);
        expect(packet[group]).toBe(packet[group]);
        expect({ ...packet[group] }).toEqual({ ...whole[group] });
        expect({ ...packet }).toEqual({ ...whole });
        expect(packet[group][names[0]]).toBe(whole[group][names[0]]);
      }
    }
  });

  it("has the fields of the schema and nothing else", () => {
    for (const alert of [...alerts, ...alerts]) {
      const { packet } = anew(alert);
      expect(packet[group][names[0]]).toBe(alert.decode()[group][names[0]]);
      for (const name of inherited) expect([packet[name], packet[group][name]]).toEqual([undefined, undefined]);
      expect([names[0] in packet[group], "clone" in packet[group]]).toEqual([true, false]);
    }
  });

  it("looks like a plain object on the console", () => {
    const { packet } = anew(alerts[0]!);
    expect(inspect(packet[group])).toBe(inspect({ ...packet[group] }));
  });

  it.runIf(survey === "ztf")(
    "is printed short: of bytes their number, of lists the first items and how many more",
    () => {
      const { packet } = anew(alerts[0]!);
      const text = inspect(packet, { depth: 5 });
      expect(text.split("\n").length).toBeLessThan(800);
      expect(text).toMatch(/<[\d,]+ bytes>/);
      const long = alerts.map(({ packet: each }) => each).find((each) => each[list]?.length > 3)!;
      const { length } = long[list];
      expect(inspect(long, { depth: 5 })).toContain(`<${length - 3} more of ${length}>`);
      expect(long[list]).toHaveLength(length);
    },
  );

  it("cannot be written to", () => {
    const { packet } = anew(alerts[0]!);
    for (const write of [() => (packet[group][names[0]] = 1), () => (packet.more = 1), () => delete packet[group]]) {
      expect(write).toThrow(/read-only/);
    }
  });
});
