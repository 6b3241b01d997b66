import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTopic } from "../../src";
import { kafkaClient } from "../../src/kafka/connection";
import { PartitionTransactions } from "../../src/kafka/filter/transaction";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { keepsBooks } from "./books-run";
import { inForm } from "./form";
import { OwnKafka } from "./own-kafka";
import { namesOf } from "./sending";

let kafka: OwnKafka;
beforeAll(async () => {
  kafka = await OwnKafka.start(3);
}, 120_000);
afterAll(() => kafka?.stop());

/** Each in turn: leaders and coordinators are somewhere else each time. */
const inTurn = (rounds: number) => Array.from({ length: 3 * rounds }, (_, i) => (i % 3) + 1);

describe.skipIf(needs.python())("three brokers of which one is killed at a time", () => {
  it("store what publish was told they have, and filter it exactly once", { timeout: 1_800_000 }, async () => {
    await keepsBooks(kafka, "thrice", inForm([2], inTurn(3)), "works");
  });
});

describe.skipIf(needs.python() || inForm(true, false))("a transaction over several leaders", () => {
  it("loses and repeats nothing when one of them has just failed", { timeout: 1_800_000 }, async () => {
    await kafka.revive();
    const { bootstrap } = kafka;
    const [input, output] = ["leaders-in", "leaders-out"];
    const partitions = 6;
    await createTopic(input, { bootstrap, partitions: 1 });
    await createTopic(output, { bootstrap, partitions });
    let next = 0n;
    const client = kafkaClient({ bootstrap }, true);
    const transactions = new PartitionTransactions(client, "leaders", input, 0, async () => next);
    const commit = async () => {
      const messages = Array.from({ length: 60 }, (_, i) => ({
        key: Buffer.from(`n${Number(next) + i}`),
        value: Buffer.alloc(50_000, i),
        headers: {},
        partition: i % partitions,
      }));
      await transactions.run(next, async () => ({ deliveries: [{ topic: output, messages }], after: next + 60n }));
      next += 60n;
    };
    await commit();
    for (const victim of inTurn(3)) {
      await kafka.kill(victim);
      const before = next;
      while (next === before) await commit().catch(() => {}); // as a worker does: what failed is done again
      await kafka.revive();
    }
    await transactions.settle();
    await transactions.close();
    const keys = readCommitted(bootstrap, output).map(({ key }) => key);
    expect(keys.sort()).toEqual(namesOf(Number(next)).sort());
  });
});
