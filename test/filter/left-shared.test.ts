// @module-tag long
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, inject, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { createTopic } from "../../src/kafka/admin/topics";
import type { FilterReport } from "../../src/kafka/filter/books";
import { runFilters } from "../../src/kafka/filter/filter";
import { Progress } from "../../src/kafka/filter/progress";
import { Child } from "../faults/child";
import { makeAlert } from "../helpers/alerts";
import { needs } from "../helpers/data";
import { placeOf, readCommitted } from "./committed";

const bootstrap = inject("bootstrap");
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const quick = (name: string) => ({ name, accepts: (a: Alert) => a.mag < 19 });

/** Sends alerts to partitions of the test's choice; half of them pass the filters. */
async function send(topic: string, partitions: readonly number[], each: number): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = partitions.flatMap((partition) =>
    Array.from({ length: each }, (_, n) => ({ partition, value: makeAlert(n, { mag: 15 + (n % 8) }).bytes })),
  );
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** A process that runs two filters until it is told to stop; says what it warns of, at last the report. */
const worker = (topic: string, names: readonly [string, string], slowMs: number, options: object) =>
  new Child(
    `const stop = new AbortController();
    process.once("SIGTERM", () => stop.abort());
    const accepts = (a) => a.mag < 19;
    const slowly = (a) => {
      for (const end = performance.now() + ${slowMs}; performance.now() < end; );
      return accepts(a);
    };
    const report = await bootcamp.kafka.runFilters(${JSON.stringify(topic)}, {
      filters: [{ name: ${JSON.stringify(names[0])}, accepts }, { name: ${JSON.stringify(names[1])}, accepts: slowly }],
      capPerVisit: Infinity, progress: false, until: "forever", signal: stop.signal,
      onWarning: (line) => say("warning " + line), ...${JSON.stringify(options)},
    });
    say("report " + JSON.stringify(report));`,
    { env: { KAFKA_BOOTSTRAP: bootstrap } },
  );

const reportOf = ({ lines }: Child): FilterReport =>
  JSON.parse(lines.find((line) => line.startsWith("report "))!.slice("report ".length));
const decided = (report: FilterReport, n: number) => report.filters[n]!.read - report.filters[n]!.pending;

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${what}`);
  }
}

/** Asks the broker about a group; the topic's partitions that it has an offset in, and the sum of these. */
async function withAdmin<T>(work: (admin: ReturnType<typeof kafka.admin>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
const progress = (groupId: string, topic: string) =>
  withAdmin(async (admin) => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]!.partitions);
const reached = async (groupId: string, topic: string) =>
  (await progress(groupId, topic)).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
const membersAtRest = (groupId: string) =>
  withAdmin(async (admin) => {
    const { state, members } = (await admin.describeGroups([groupId])).groups[0]!;
    return state === "Stable" ? members.length : 0;
  });

describe.skipIf(needs.python())("a filter left behind by one of two processes", () => {
  it("gets every alert once, from the other process or when it is resumed; the quick one too", async () => {
    const [topic, group, names] = ["lb-shared", "lb-team", ["lb-quick", "lb-slow"] as const];
    await createTopic(topic, { bootstrap, partitions: 4 });
    // the first process has partitions 0 and 1 alone, and leaves the filter behind there
    await send(topic, [0, 1], 60);
    const first = worker(topic, names, 60, { group });
    await until("the first process has read what is there", async () => (await reached(group, topic)) === 120);
    const second = worker(topic, names, 0, { group });
    await until("both are members", async () => (await membersAtRest(group)) === 2);
    // each has one partition now in which the filter was left behind, and one that nobody has read yet
    await send(topic, [0, 1, 2, 3], 60);
    await until("both have read what came", async () => (await reached(group, topic)) === 360);
    for (const child of [first, second]) child.kill("SIGTERM");
    expect(await Promise.all([first.end, second.end])).toEqual([0, 0]);

    const [one, two] = [reportOf(first), reportOf(second)];
    expect(one.filters.map(({ leftBehind }) => leftBehind)).toEqual([null, expect.stringMatching(/ms per alert/)]);
    expect(two.filters.map(({ leftBehind }) => leftBehind)).toEqual([null, expect.stringMatching(/another worker/)]);
    expect([one.read + two.read, decided(one, 0) + decided(two, 0)]).toEqual([360, 360]);
    // the second process goes on with it where it was not left behind: all of one partition
    expect(decided(two, 1)).toBe(60);
    const isLeft = ({ offset, metadata }: { offset: string; metadata: string | null }) =>
      Progress.of(BigInt(offset), metadata).isLeft("lb-slow");
    expect((await progress(group, topic)).filter(isLeft).length).toBe(3);

    const filters = names.map(quick);
    const options = { bootstrap, group, filters, capPerVisit: Number.POSITIVE_INFINITY, progress: false };
    const alone = await runFilters(topic, { ...options, resume: "lb-slow" });
    expect(alone.balanced).toBe(true);
    expect(decided(one, 1) + decided(two, 1) + alone.read).toBe(360);
    expect((await runFilters(topic, options)).read).toBe(0);

    const expected = [0, 1, 2, 3].flatMap((partition) =>
      Array.from({ length: partition < 2 ? 120 : 60 }, (_, offset) => offset)
        .filter((offset) => (offset % 60) % 8 < 4)
        .map((offset) => `${topic}/${partition}/${offset}`),
    );
    for (const name of names)
      expect(readCommitted(bootstrap, `${topic}.${name}`).map(placeOf).sort()).toEqual(expected.sort());
  });

  it("waits until the job is stopped: one with other filters is refused, at once when it is alive", async () => {
    const [topic, group, names] = ["lb-late", "lb-late-team", ["lb-late-quick", "lb-late-slow"] as const];
    await createTopic(topic, { bootstrap, partitions: 2 });
    await send(topic, [0], 40);
    const job = worker(topic, names, 60, { group });
    await until("the job has read what is there", async () => (await reached(group, topic)) === 40);
    const options = { bootstrap, group, capPerVisit: Number.POSITIVE_INFINITY, progress: false };
    const said: string[] = [];
    const onWarning = (line: string) => void said.push(line);
    const other = runFilters(topic, { ...options, onWarning, filters: names.map(quick), resume: names[1] });
    await expect(other).rejects.toMatchObject({
      code: "USAGE",
      where: group,
      message: expect.stringMatching(/some with other filters/),
    });
    expect(said[0]).toMatch(/^group "lb-late-team" has members with other filters; waiting 9 s/);
    job.kill("SIGTERM");
    expect(await job.end).toBe(0);
    const alone = await runFilters(topic, { ...options, filters: names.map(quick), resume: names[1] });
    expect(alone).toMatchObject({ read: 40, balanced: true });
    for (const name of names) {
      const places = readCommitted(bootstrap, `${topic}.${name}`).map(placeOf);
      expect([places.length, new Set(places).size]).toEqual([20, 20]);
    }
  });
});
