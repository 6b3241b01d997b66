import { createHash } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { simulateNight } from "../../src/simulate/night";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { Child } from "./child";

const bootstrap = inject("bootstrap");
const night = { seed: 5, alerts: 3000, visits: 600 };

/** Publishes the night and says the number of every visit that Kafka has acknowledged. */
const sender = (topic: string) =>
  new Child(
    `const source = bootcamp.simulateNight(${JSON.stringify(night)});
    const onVisit = ({ number }) => say(number);
    await bootcamp.publish(source, { topic: "${topic}", bootstrap: "${bootstrap}", fast: true, onVisit });`,
  );

/** How often each value is stored, counted by librdkafka. */
function stored(topic: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { sha1 } of readCommitted(bootstrap, topic)) counts.set(sha1, (counts.get(sha1) ?? 0) + 1);
  return counts;
}

describe.skipIf(needs.python())("a sender that is killed", () => {
  const visits = [...simulateNight(night).visits()].map(({ alerts }) =>
    alerts.map(({ bytes }) => createHash("sha1").update(bytes).digest("hex")),
  );
  const moments = [1, 2, 3, 40, 85, 170, 260, 350, 440, 590];

  it.each(moments)(
    "has what it was told stored, once, and begins anew (visit %i)",
    { timeout: 300_000 },
    async (at) => {
      const topic = `sender-killed-${at}`;
      const first = sender(topic);
      await first.said(at);
      first.kill("SIGKILL");
      expect(await first.end).toBe("SIGKILL");
      const told = Number(first.lines.at(-1));
      const before = stored(topic);
      for (const sha1 of visits.slice(0, told).flat()) expect(before.get(sha1)).toBe(1);
      // what was on its way, or acknowledged and not said: the visit after, at most the one after that
      const further = new Set(visits.slice(told, told + 2).flat());
      for (const [sha1, count] of before) expect([count, further.has(sha1)]).toEqual([1, !isTold(sha1, told)]);

      const second = sender(topic);
      expect([await second.end, second.stderr]).toEqual([0, ""]);
      expect(second.lines.length).toBe(visits.length);
      const after = stored(topic);
      for (const sha1 of visits.flat()) expect(after.get(sha1)).toBe(1 + (before.get(sha1) ?? 0));
      expect(after.size).toBe(visits.flat().length);
    },
  );

  const isTold = (sha1: string, told: number) => visits.slice(0, told).some((visit) => visit.includes(sha1));
});
