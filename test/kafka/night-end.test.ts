// @module-tag long
import { Kafka, logLevel } from "kafkajs";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { groupByVisit } from "../../src/alert/visits";
import { createTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { sendMessages } from "../helpers/send-messages";

const bootstrap = inject("bootstrap");
const untilEnd = { bootstrap, until: "end" } as const;
const [visits, perVisit] = [5, 6];

/** Five visits of six alerts, of objects that lie in all partitions. */
const night = Array.from({ length: visits * perVisit }, (_, n) =>
  makeAlert(n, { jd: 2460000.5 + Math.floor(n / perVisit), objectId: `ZTF24end${n}` }),
);
const idsOf = (alerts: readonly { alertId: unknown }[]) => alerts.map(({ alertId }) => String(alertId)).sort();
const send = (topic: string, options: Partial<Parameters<typeof publish>[1]> = {}) =>
  publish(night, { bootstrap, topic, fast: options.secondsPerVisit === undefined, ...options });

/** The visits of the night, each as soon as it may be sent. */
async function* visitsWhen(may: (number: number) => boolean) {
  let number = 0;
  for await (const visit of groupByVisit(night)) {
    number++;
    await vi.waitFor(() => expect(may(number)).toBe(true), { timeout: 30_000, interval: 20 });
    yield visit;
  }
}

/** Sends visits until so many are acknowledged. */
async function sendPart(topic: string, whole: number): Promise<void> {
  const stop = new AbortController();
  const report = await send(topic, {
    secondsPerVisit: 0.05,
    signal: stop.signal,
    onVisit: ({ number }) => number === whole && stop.abort(),
  });
  expect(report.visits).toBe(whole);
}

const lines = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
const said = (topic: string) =>
  lines.mock.calls.map(([text]) => String(text)).filter((text) => text.startsWith(`${topic}: `));
afterEach(() => void lines.mockClear());

describe("until the end of a night", () => {
  it("reads a night that is over, and says nothing", async () => {
    await send("end-over");
    expect(idsOf(await subscribe("end-over", untilEnd).toArray())).toEqual(idsOf(night));
    expect(said("end-over")).toEqual([]);
  });

  it("reads one under way to its end, however long it is from visit to visit", async () => {
    let seen = 0;
    // a visit is sent only when the reader has all of those before it: whoever stops early waits here for ever
    const sending = publish(
      visitsWhen((number) => number <= 1 || seen === (number - 1) * perVisit),
      { bootstrap, topic: "end-slow", fast: true },
    );
    const read: Alert[] = [];
    for await (const alert of subscribe("end-slow", untilEnd)) {
      read.push(alert);
      seen = read.length;
    }
    expect(idsOf(read)).toEqual(idsOf(night));
    expect((await sending).visits).toBe(visits);
    expect(said("end-slow").at(-1)).toMatch(/^end-slow: visit \d of 5, reading on until the night has ended/);
  });

  it("reads the first round of a loop, whole and alone, while more is sent", async () => {
    for (let round = 0; round < 3; round++) await send("end-loop");
    const fourth = send("end-loop", { secondsPerVisit: 0.1 });
    const stream = subscribe("end-loop", untilEnd);
    expect(idsOf(await stream.toArray())).toEqual(idsOf(night));
    await fourth;
    const again = await (await stream).toArray();
    expect(idsOf(again)).toEqual(idsOf(night));
    const offsets = again.map(({ origin }) => (origin.kind === "kafka" ? Number(origin.offset) : -1));
    expect(Math.max(...offsets)).toBeLessThan(night.length); // none of a later round
  });

  it("from the middle of a night reads what is left of it", async () => {
    let isOpen = false;
    let sent = 0;
    const sending = publish(
      visitsWhen((number) => number <= 2 || isOpen),
      { bootstrap, topic: "end-middle", fast: true, onVisit: ({ number }) => void (sent = number) },
    );
    await vi.waitFor(() => expect(sent).toBe(2), { timeout: 20_000, interval: 20 });
    const rest = await subscribe("end-middle", { ...untilEnd, from: "latest" });
    isOpen = true;
    expect((await rest.toArray()).length).toBe((visits - 2) * perVisit);
    await sending;
  });

  it("says of a night that was cut off how far it came, when another follows and when nothing does", async () => {
    await sendPart("end-cut", 2);
    const halves = idsOf(night.slice(0, 2 * perVisit));
    const waited = await subscribe("end-cut", { ...untilEnd, idleSeconds: 1 }).toArray();
    expect(idsOf(waited)).toEqual(halves);
    expect(said("end-cut").at(-1)).toMatch(/^end-cut: visit 2 of 5 is the last of this night, it was cut off/);
    lines.mockClear();
    await send("end-cut");
    expect(idsOf(await subscribe("end-cut", untilEnd).toArray())).toEqual(halves);
    expect(said("end-cut").at(-1)).toContain("visit 2 of 5 is the last of this night");
  });

  it("is refused for a group, and for alerts that no sender has marked", async () => {
    expect(() => subscribe("end-over", { ...untilEnd, group: "g" })).toThrow(/with a group, got "end"/);
    await createTopic("end-unmarked", { bootstrap, partitions: 1 });
    await sendMessages(bootstrap, "end-unmarked", [{ value: night[0]!.bytes }]);
    await expect(subscribe("end-unmarked", untilEnd).toArray()).rejects.toMatchObject({
      code: "USAGE",
      where: "end-unmarked[0]@0",
    });
  });

  it("stands in the headers of the messages, as kafkajs reads them", async () => {
    await send("end-headers");
    const consumer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).consumer({
      groupId: "end-oracle",
    });
    const marks: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: "end-headers", fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => void marks.push(String(message.headers?.["bootcamp-visit"])),
    });
    await vi.waitFor(() => expect(marks.length).toBe(night.length), { timeout: 30_000, interval: 50 });
    await consumer.disconnect();
    const found = new Set(marks);
    expect(found.size).toBe(visits);
    const [, name] = /night (\w{8})$/.exec(marks[0]!) ?? [];
    expect([...found].sort()).toEqual([1, 2, 3, 4, 5].map((n) => `${n} of 5, 6 alerts, night ${name}`));
  });
});
