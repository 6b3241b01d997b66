import { describe, expect, inject, it } from "vitest";
import { crashRun } from "../faults/crash-run";
import { needs } from "../helpers/data";

describe("filter workers that die, at length", () => {
  it.skipIf(needs.python())(
    "50 killed, 10 asleep past their session, 100,000 alerts",
    { timeout: 1_800_000 },
    async () => {
      const count = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
      const result = await crashRun({
        bootstrap: inject("bootstrap"),
        topic: "crash-full",
        alerts: count("BOOTCAMP_CRASH_ALERTS", 100_000),
        kills: count("BOOTCAMP_CRASH_KILLS", 50),
        sleeps: count("BOOTCAMP_CRASH_SLEEPS", 10),
        seed: count("BOOTCAMP_CRASH_SEED", 2026),
      });
      for (const [name, places] of result.expected) {
        expect(places.length).toBeGreaterThan(0);
        expect(result.librdkafka.get(name)!.sort()).toEqual(places.sort());
        expect(result.ours.get(name)!.sort()).toEqual(places);
      }
      for (const { code, stdout } of result.survivors) {
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ balanced: true });
      }
    },
  );
});
