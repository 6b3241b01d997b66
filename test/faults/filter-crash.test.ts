import { describe, expect, inject, it } from "vitest";
import { needs } from "../helpers/data";
import { crashRun } from "./crash-run";
import { inForm } from "./form";

const plan = inForm(
  { topic: "crash-short", alerts: 3000, kills: 3, sleeps: 0, seed: 11 },
  { topic: "crash-full", alerts: 100_000, kills: 50, sleeps: 10, seed: 2026 },
);

describe("filter workers that die", () => {
  it.skipIf(needs.python())(
    `select each alert exactly once, whoever reads (${plan.kills} killed, ${plan.sleeps} asleep past their session)`,
    { timeout: inForm(120_000, 1_800_000) },
    async () => {
      const result = await crashRun({ bootstrap: inject("bootstrap"), ...plan });
      for (const [name, places] of result.expected) {
        expect(places.length).toBeGreaterThan(plan.alerts / 3);
        expect(result.librdkafka.get(name)!.sort()).toEqual(places.sort());
        expect(result.ours.get(name)!.sort()).toEqual(places);
      }
      for (const { code, stdout } of result.survivors) {
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ balanced: true, interrupted: true });
      }
    },
  );
});
