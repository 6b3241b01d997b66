import { describe, expect, it } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import { simulateNight } from "../simulate/night";
import type { Alert } from "./alert";
import { decodeAlert } from "./decode";
import { fieldReader } from "./field-reader";
import { fieldNames } from "./fields";

const night = (survey: "ztf" | "lsst") =>
  [...simulateNight({ survey, seed: 3, alerts: 4, visits: 2, stamps: "none" }).visits()].flatMap(
    ({ alerts }) => alerts,
  );
/** ZTF, Rubin, ZTF … and by hand: a reader must not mistake one survey's packets for another's. */
const mixed = night("ztf").flatMap((alert, n) => [alert, night("lsst")[n]!]);
const anew = (alert: Alert) => decodeAlert(alert.bytes);

describe("fieldReader", () => {
  it("reads what the decoded packet holds, whatever survey comes next", () => {
    const paths = new Set(mixed.flatMap((alert) => fieldNames(alert).filter((path) => path.startsWith("packet."))));
    expect(paths.size).toBeGreaterThan(200);
    for (const path of paths) {
      const read = fieldReader(path);
      for (const alert of mixed) {
        const [, group, name, deeper] = path.split(".");
        const whole: any = alert.decode()[group!];
        const inGroup = name === undefined ? whole : whole?.[name];
        const held = deeper === undefined ? inGroup : inGroup?.[deeper];
        const found = read(anew(alert));
        if (held === null || held === undefined) expect(found ?? undefined).toBeUndefined();
        else if (typeof held !== "object") expect([path, found]).toEqual([path, held]);
        else expect(found).toBeDefined();
      }
    }
  });

  it("reads common names, lists, and alerts made by hand", () => {
    const [alert] = mixed;
    expect(fieldReader("mag")(alert!)).toBe(alert!.mag);
    expect(fieldReader("history.length")(alert!)).toBe(alert!.history.length);
    expect(fieldReader("history.0.mag")(alert!)).toBe(alert!.history[0]?.mag ?? null);
    expect(fieldReader("packet.candidate.rb")(handMade({ packet: { candidate: { rb: 0.5 } } }))).toBe(0.5);
  });

  it("refuses what no alert can have", () => {
    expect(() => fieldReader("candidate.rb")).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
