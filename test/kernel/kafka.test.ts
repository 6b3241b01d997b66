import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { deleteTopic, resetTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { simulateNight } from "../../src/simulate/night";
import { needs } from "../helpers/data";
import { errorOf, type Outcome, printed, result, runSession, type Step } from "./session";

const bootstrap = inject("bootstrap");
const input = `interrupted-${process.pid}`;
const output = `interrupted-out-${process.pid}`;
const [topic, out] = [JSON.stringify(input), JSON.stringify(output)];
const total = 60;
const told = (count: number) => `.tap(() => { if (++seen === ${count}) console.log("enough") })`;

/** Each waits for Kafka without an end; the marks say when it is under way. */
const steps: Step[] = [
  {
    code: 'import { kafka, plot, publish, simulateNight, subscribe, watch } from "alert-bootcamp"; let seen = 0;',
  },
  {
    code: `const all = await subscribe(${topic}, { until: "forever", progress: false })${told(total)}.toArray();\nconsole.log("not reached")`,
    interruptAt: "enough",
  },
  { code: "all.length" },
  {
    code: `seen = 0; const some: string[] = [];\nfor await (const alert of subscribe(${topic}, { group: "${input}", until: "forever", progress: false })) { some.push(String(alert.alertId)); if (some.length === 20) { console.log("enough"); await new Promise(() => {}) } }`,
    interruptAt: "enough",
  },
  {
    code: `const rest = await (await subscribe(${topic}, { group: "${input}", progress: false })).map((alert) => String(alert.alertId)).toArray();\n[some.length, new Set([...some, ...rest]).size]`,
  },
  {
    code: `const report = await publish(simulateNight({ seed: 7, alerts: 60, visits: 6, stamps: "none" }), { topic: ${out}, secondsPerVisit: 600, onVisit: () => console.log("enough") });`,
    interruptAt: "enough",
  },
  { code: "report.interrupted" },
  {
    code: `let looks = 0; for await (const _ of kafka.monitor({ topics: [${topic}], everySeconds: 0.2 })) if (++looks === 2) console.log("enough")`,
    interruptAt: "enough",
  },
  {
    code: `seen = 0; for await (const _ of watch(subscribe(${topic}, { until: "forever", progress: false })${told(total)}, plot.arrivals()));`,
    interruptAt: "enough",
  },
  {
    code: `const books = await kafka.runFilters(${topic}, { filters: [{ name: "any", accepts: () => { if (++seen === ${total} * 2) console.log("enough"); return false } }], until: "forever", progress: false });`,
    interruptAt: "enough",
  },
  { code: "books.interrupted" },
  { code: '"alive"' },
];

describe.skipIf(needs.python())("an interrupt of a cell that waits for Kafka", () => {
  let outcomes: Outcome[];
  beforeAll(async () => {
    await resetTopic(input, { bootstrap });
    const night = simulateNight({ seed: 7, alerts: total, visits: 6, stamps: "none" });
    await publish(night, { bootstrap, topic: input, fast: true });
    outcomes = await runSession(steps, undefined, { KAFKA_BOOTSTRAP: bootstrap });
  }, 180_000);
  afterAll(async () => {
    for (const name of [input, output]) await deleteTopic(name, { bootstrap }).catch(() => {});
  });
  const value = (n: number) => result(outcomes[n]!)?.["text/plain"];
  const isStopped = (n: number) => {
    expect(errorOf(outcomes[n]!)).toMatchObject({ ename: "Interrupted" });
    expect(outcomes[n]!.stoppedSeconds).toBeLessThan(6);
  };

  it("ends the stream, keeps what was collected, says how much, and runs nothing after it", () => {
    isStopped(1);
    expect(printed(outcomes[1]!, "stderr")).toContain(`stopped by you after ${total} alerts`);
    expect(printed(outcomes[1]!)).not.toContain("not reached");
    expect(value(2)).toBe(String(total));
  });

  it("leaves the group, so that the cell that runs next gets the rest", () => {
    isStopped(3);
    expect(value(4)).toBe(`[ 20, ${total} ]`);
  });

  it("ends publishing between two visits", () => {
    isStopped(5);
    expect(value(6)).toBe("true");
  });

  it("ends a monitor and a live plot", () => {
    isStopped(7);
    isStopped(8);
  });

  it("ends filters, with their books", () => {
    isStopped(9);
    expect(value(10)).toBe("true");
    expect(value(11)).toBe("'alive'");
  });
});
