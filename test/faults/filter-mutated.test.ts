import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic, listDead, runFilters, subscribe } from "../../src";
import { makeAlert } from "../helpers/alerts";

const bootstrap = inject("bootstrap");
const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
beforeAll(() => producer.connect());
afterAll(() => producer.disconnect());

let state = 20261121;
/** Numbers below n, the same in every run (linear congruence, Knuth's MMIX reduced to 32 bits). */
const below = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
};

const mutations: ((bytes: Buffer, other: Buffer) => Buffer)[] = [
  (bytes) => {
    const flipped = Buffer.from(bytes);
    for (let i = 0; i < 3; i++) flipped[below(flipped.length)]! ^= 1 << below(8);
    return flipped;
  },
  (bytes) => bytes.subarray(0, below(bytes.length)),
  (bytes, other) => Buffer.concat([bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length))]),
  (bytes) => Buffer.concat([Buffer.from([0, 0, 0, below(256), below(256)]), bytes.subarray(below(bytes.length))]),
  () => Buffer.from(Array.from({ length: below(200) }, () => below(256))),
];

describe("a stream with damaged messages", () => {
  it("gives every good alert, and every bad message a dead letter with its reason", async () => {
    const topic = "mutated";
    await createTopic(topic, { bootstrap, partitions: 2 });
    const count = 2000;
    const messages = Array.from({ length: count }, (_, n) => {
      const { bytes } = makeAlert(n, { mag: 15 + (n % 8) });
      const isBad = n % 2 === 1;
      const value = isBad ? mutations[below(mutations.length)]!(bytes, makeAlert(n + 1).bytes) : bytes;
      return { value, headers: { n: String(n), bad: String(isBad) }, partition: n % 4 < 2 ? 0 : 1 };
    });
    await producer.send({ topic, messages });
    const report = await runFilters(topic, {
      bootstrap,
      progress: false,
      capPerVisit: Number.POSITIVE_INFINITY,
      filters: [
        { name: "mutated-bright", accepts: (a) => a.mag < 19 },
        { name: "mutated-whole", accepts: (a) => a.packet.candidate.rb > 0 && a.objectId !== "" },
      ],
    });
    expect(report.balanced).toBe(true);
    expect(report.undecodable).toBeGreaterThan(count / 4);
    const header = (origin: { headers: Readonly<Record<string, Buffer>> }, name: string) =>
      origin.headers[name]?.toString();
    const good = { bright: [] as number[], whole: [] as number[] };
    for (const name of ["bright", "whole"] as const) {
      for (const { origin } of await (await subscribe(`mutated-${name}`, { bootstrap, progress: false })).toArray()) {
        if (origin.kind === "kafka" && header(origin, "bad") === "false") good[name].push(Number(header(origin, "n")));
      }
    }
    const evens = Array.from({ length: count / 2 }, (_, i) => 2 * i);
    expect(good.whole.sort((a, b) => a - b)).toEqual(evens);
    expect(good.bright.sort((a, b) => a - b)).toEqual(evens.filter((n) => n % 8 < 4));
    let undecodable = 0;
    for await (const { filter, code, reason, key, offset, partition } of listDead(topic, { bootstrap })) {
      expect([key, partition >= 0, offset >= 0n]).toEqual([null, true, true]);
      expect([code, reason]).toEqual([expect.stringMatching(/^[A-Z_]+$/), expect.stringMatching(/\S/)]);
      if (filter === null) undecodable++;
    }
    expect(undecodable).toBe(report.undecodable);
    expect(report.filters[0]!.read).toBeGreaterThanOrEqual(count);
  });
});
