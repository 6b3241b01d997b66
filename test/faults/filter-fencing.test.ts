import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import { TransactionalProducer } from "../../src/kafka/client/transactional-producer";
import { Progress } from "../../src/kafka/filter/progress";
import { PartitionTransactions, type Producer } from "../../src/kafka/filter/transaction";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";

const bootstrap = inject("bootstrap");
const kafka = new Kafka({
  brokers: [bootstrap],
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 50, retries: 8 },
});
const admin = kafka.admin();
const connection = connectionOf({ bootstrap });
beforeAll(() => admin.connect());
afterAll(() => admin.disconnect());

/** The only filter of the job has come so far. */
const at = (offset: bigint) => Progress.of(-1n, null).after({ filters: ["f"], done: ["f"], after: offset, first: 0n });

const openProducer = (id: string): Promise<Producer> => TransactionalProducer.open(connection, id);

/** A worker's transactions for one partition of a group; `after` counts how many alerts were done. */
function worker(group: string, topic: string, open = openProducer) {
  const committed = async () => {
    const { offset, metadata } = (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0]!.partitions[0]!;
    return Progress.of(BigInt(offset), metadata);
  };
  return new PartitionTransactions({ group, topic, partition: 0, filters: ["f"], committed, open });
}

const out = (topic: string, by: string, after: bigint) => ({
  deliveries: [{ topic, partition: 0, messages: [{ key: null, value: Buffer.from(by), headers: { by } }] }],
  progress: at(after),
});

async function topics(name: string): Promise<[string, string]> {
  await createTopic(`${name}-in`, { bootstrap, partitions: 1 });
  await createTopic(`${name}-out`, { bootstrap, partitions: 1 });
  return [`${name}-in`, `${name}-out`];
}

/** Readers see a transaction once its markers are written, a moment after the commit's answer: settle() waits for that. */
const readers = (topic: string) => readCommitted(bootstrap, topic).map(({ headers }) => headers["by"]);

describe.skipIf(needs.python())("a partition that changes hands", () => {
  it("is turned away from the worker that slept in the middle of a batch", async () => {
    const [input, output] = await topics("fence-middle");
    const sleeper = worker("fence-middle", input);
    const heir = worker("fence-middle", input);
    // the sleeper has decided its batch when the heir takes over and does the same one
    const asleep = sleeper.run(0n, async () => {
      expect(await heir.run(0n, async () => out(output, "heir", 10n))).toBeUndefined();
      return out(output, "sleeper", 10n);
    });
    await expect(asleep).rejects.toThrow(/epoch|fenced/i);
    await heir.settle();
    expect(readers(output)).toEqual(["heir"]);
    // awake, it opens anew and hears that the batch is done; the heir in turn is turned away and does the same
    expect(await sleeper.run(0n, async () => out(output, "sleeper", 10n))).toBe(10n);
    await expect(heir.run(10n, async () => out(output, "heir", 20n))).rejects.toThrow(/epoch|fenced/i);
    expect(await heir.run(10n, async () => out(output, "heir again", 20n))).toBeUndefined();
    await heir.settle();
    await Promise.all([sleeper.close(), heir.close()]);
    expect(readers(output)).toEqual(["heir", "heir again"]);
  });

  it("shows nothing of a transaction that its owner left open", async () => {
    const [input, output] = await topics("fence-open");
    const producer = kafka.producer({
      transactionalId: `fence-open-${input}-0`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const left = await producer.transaction();
    await left.send({ topic: output, messages: [{ value: "x", headers: { by: "dead" } }] });
    await left.sendOffsets({
      consumerGroupId: "fence-open",
      topics: [{ topic: input, partitions: [{ partition: 0, offset: "10" }] }],
    });
    const heir = worker("fence-open", input);
    expect(await heir.run(0n, async () => out(output, "heir", 10n))).toBeUndefined();
    await expect(left.commit()).rejects.toThrow(/epoch|fenced/i);
    expect(await heir.run(0n, async () => out(output, "twice", 10n))).toBe(10n);
    await heir.settle();
    await Promise.all([heir.close(), producer.disconnect()]);
    expect(readers(output)).toEqual(["heir"]);
  });

  it("finds out what became of a commit whose answer was lost, also when another was there meanwhile", async () => {
    const [input, output] = await topics("fence-lost");
    const said: string[] = [];
    /** Producers whose next commit fails on the way there, or on the way back. */
    const losing = (when: { lose: "request" | "answer" | "nothing" }) => async (id: string) => {
      const real = await TransactionalProducer.open(connection, id);
      const commit = async () => {
        if (when.lose !== "request") await real.commit();
        if (when.lose !== "nothing") throw new Error("Closed connection");
      };
      return { write: real.write.bind(real), abort: real.abort.bind(real), close: real.close, commit };
    };
    const when: { lose: "request" | "answer" | "nothing" } = { lose: "request" };
    const loser = worker("fence-lost", input, losing(when));
    const heir = worker("fence-lost", input);
    const attempt = (name: string, first: bigint) =>
      loser.run(first, async () => ({
        ...out(output, name, first + 10n),
        done: () => said.push(`${name} done`),
        undone: () => said.push(`${name} undone`),
      }));
    await expect(attempt("a", 0n)).rejects.toThrow("Closed");
    when.lose = "answer";
    await expect(attempt("a again", 0n)).rejects.toThrow("Closed");
    expect(said).toEqual(["a undone"]); // of the second it is not known yet
    expect(await attempt("a", 0n)).toBe(10n);
    await expect(attempt("b", 10n)).rejects.toThrow("Closed");
    // others go on before the loser looks again
    expect(await heir.run(20n, async () => out(output, "heir", 30n))).toBeUndefined();
    expect(await heir.run(30n, async () => out(output, "heir", 40n))).toBeUndefined();
    await loser.clear();
    when.lose = "request";
    await expect(attempt("c", 40n)).rejects.toThrow("Closed");
    expect(await heir.run(40n, async () => out(output, "heir", 50n)).catch(() => "turned away")).toBe("turned away");
    expect(await heir.run(40n, async () => out(output, "heir", 50n))).toBeUndefined();
    await loser.clear();
    expect(said).toEqual(["a undone", "a again done", "b done", "c undone"]);
    await heir.settle();
    await Promise.all([loser.close(), heir.close()]);
    expect(readers(output)).toEqual(["a again", "b", "heir", "heir", "heir"]);
  });

  it("keeps the batches of one worker apart, and commits offsets without output", async () => {
    const [input, output] = await topics("fence-lock");
    const one = worker("fence-lock", input);
    const steps = [0n, 10n, 20n].map((first) => one.run(first, async () => out(output, String(first), first + 10n)));
    expect(await Promise.all(steps)).toEqual([undefined, undefined, undefined]);
    for (const first of [30n, 31n, 32n]) {
      expect(await one.run(first, async () => ({ deliveries: [], progress: at(first + 1n) }))).toBeUndefined();
    }
    await one.settle();
    expect(readers(output)).toEqual(["0", "10", "20"]);
    expect(await worker("fence-lock", input).run(32n, async () => out(output, "late", 33n))).toBe(33n);
    await one.close();
  });
});
