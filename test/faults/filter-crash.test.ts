import { describe, expect, inject, it } from "vitest";
import { needs } from "../helpers/data";
import { crashRun } from "./crash-run";

describe("filter workers that die", () => {
  it.skipIf(needs.python())("select each alert exactly once, whoever reads", { timeout: 120_000 }, async () => {
    const plan = { bootstrap: inject("bootstrap"), topic: "crash-short", alerts: 3000, kills: 3, sleeps: 0, seed: 11 };
    const result = await crashRun(plan);
    for (const [name, places] of result.expected) {
      expect(places.length).toBeGreaterThan(1000);
      expect(result.librdkafka.get(name)!.sort()).toEqual(places.sort());
      expect(result.ours.get(name)!.sort()).toEqual(places);
    }
    for (const { code, stdout } of result.survivors) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ balanced: true, interrupted: true });
    }
  });
});
