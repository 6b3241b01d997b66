import { inspect, types } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Alert, decodeAlert } from "..";
import { simulateNight } from "../simulate/night";

const night = (survey: "ztf" | "lsst") =>
  [...simulateNight({ survey, seed: 3, alerts: 4, visits: 2, stamps: "none" }).visits()].flatMap(
    ({ alerts }) => alerts,
  );
const anew = (alert: Alert) => decodeAlert(alert.bytes);

describe.each([
  ["ztf", "candidate", "magpsf", "fp_hists"],
  ["lsst", "diaSource", "psfFlux", "diaObject"],
] as const)("packets of %s that are looked at a hundred times each", (survey, group, hot, cold) => {
  const alerts = night(survey);
  beforeAll(() => {
    const first = anew(alerts[0]!);
    for (let n = 0; n < 100; n++) first.packet[group][hot];
  });

  it("are ordinary objects from then on, with all that the packet holds", () => {
    for (const alert of alerts.map(anew)) {
      const { packet } = alert;
      expect([types.isProxy(packet), types.isProxy(packet[group])]).toEqual([false, false]);
      const whole = alert.decode();
      expect(packet[group]).toEqual({ ...whole[group] });
      expect(Object.keys(packet)).toEqual(Object.keys(whole));
      expect({ ...anew(alert).packet }).toEqual({ ...whole }); // touches what nobody wanted before
      expect(cold in anew(alert).packet).toBe(true);
      expect(anew(alert).packet[cold]).toEqual(whole[cold]);
      expect(packet.clone).toBeUndefined();
      expect(packet[group].clone).toBeUndefined();
    }
  });

  it("give the same values whatever was read before, and however", () => {
    for (const alert of alerts) {
      const whole = alert.decode();
      const viaCommon = anew(alert);
      expect(viaCommon.mag).toBe(alert.mag); // reads a part before the view is made
      expect(viaCommon.packet[group][hot]).toBe(whole[group][hot]);
      const listed = anew(alert);
      listed.reader.list();
      expect(listed.packet[group][hot]).toBe(whole[group][hot]);
      const later = anew(alert);
      for (const name of Object.keys(whole)) expect(later.packet[name]).toEqual(whole[name]);
    }
  });

  it("cannot be written to, and print as plain objects", () => {
    const { packet } = anew(alerts[0]!);
    for (const write of [
      () => (packet[group][hot] = 1),
      () => (packet[group] = {}),
      () => (packet[cold] = 1),
      () => (packet.more = 1),
      () => delete packet[group],
    ]) {
      expect(write).toThrow(TypeError);
    }
    expect(inspect(packet[group])).toMatch(/^\{\n/);
    expect(inspect(packet, { depth: 0 })).toMatch(/^\{\n/);
  });
});
