import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { connectionOf } from "../../src/kafka/client/connection-settings";
import { Progress } from "../../src/kafka/filter/progress";
import { TransactionPool } from "../../src/kafka/filter/transaction-pool";
import { loadReservoir } from "../../src/kafka/reservoir/load";
import { playReservoir } from "../../src/kafka/reservoir/play";
import { pause } from "../../src/pause";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { keepsBooks } from "./books-run";
import { OwnKafka } from "./own-kafka";
import { namesOf, visitOf } from "./sending";

let kafka: OwnKafka;
beforeAll(async () => {
  kafka = await OwnKafka.start(3);
});
afterAll(() => kafka?.stop());

/** Each in turn: leaders and coordinators are somewhere else each time. */
const inTurn = (rounds: number) => Array.from({ length: 3 * rounds }, (_, i) => (i % 3) + 1);

describe.skipIf(needs.python())("three brokers of which one is killed at a time", () => {
  it("store what publish was told they have, and filter it exactly once", { timeout: 1_800_000 }, async () => {
    await keepsBooks(kafka, "thrice", inTurn(3), "works");
  });
});

describe.skipIf(needs.python())("a reservoir that is played while leaders fail", () => {
  it("is in the output as often as play says that it was acknowledged", { timeout: 1_800_000 }, async () => {
    await kafka.revive();
    const { bootstrap } = kafka;
    const [reservoir, output] = ["thrice-reservoir", "thrice-played"];
    const night = Array.from({ length: 300 }, (_, n) => visitOf(n, 50));
    await loadReservoir(night, { bootstrap, topic: reservoir, progress: false });
    const controller = new AbortController();
    let visits = 0;
    const playing = playReservoir(reservoir, output, {
      bootstrap,
      everySeconds: 0.05,
      repeatSeconds: 0,
      partitions: 6,
      signal: controller.signal,
      onVisit: () => {
        visits++;
      },
    });
    const ended = playing.then(() => Promise.reject(new Error("the play ended by itself")));
    ended.catch(() => {});
    const more = async (count: number) => {
      for (const wanted = visits + count; visits < wanted; ) await Promise.race([ended, pause(20)]);
    };
    for (const victim of inTurn(1)) {
      await more(10);
      await kafka.kill(victim);
      await more(10);
      await kafka.revive();
    }
    controller.abort();
    const report = await playing;
    expect(readCommitted(bootstrap, output).length).toBe(report.alerts);
  });
});

describe.skipIf(needs.python())("a transaction over several leaders", () => {
  it("loses and repeats nothing when one of them has just failed", { timeout: 1_800_000 }, async () => {
    await kafka.revive();
    const { bootstrap } = kafka;
    const [input, output] = ["leaders-in", "leaders-out"];
    const partitions = 6;
    await createTopic(input, { bootstrap, partitions: 1 });
    await createTopic(output, { bootstrap, partitions });
    const pool = new TransactionPool(connectionOf({ bootstrap }), "leaders", input, ["f"]);
    await pool.look([output]);
    const transactions = pool.of(0);
    let next = 0n;
    let known = 0;
    const commit = async () => {
      const messages = Array.from({ length: 60 }, (_, i) => ({
        key: Buffer.from(`n${Number(next) + i}`),
        value: Buffer.alloc(50_000, i),
        headers: {},
      }));
      const deliveries = Array.from({ length: partitions }, (_, partition) => ({
        topic: output,
        partition,
        messages: messages.filter((_, i) => i % partitions === partition),
      }));
      const step = { filters: ["f"], done: ["f"], after: next + 60n, first: next };
      const progress = Progress.of(-1n, null).after(step);
      const prepared = { deliveries, progress, done: () => void known++ };
      // what was committed although the answer was lost
      next = (await transactions.run(next, async () => prepared)) ?? next + 60n;
    };
    await commit();
    for (const victim of inTurn(3)) {
      await kafka.kill(victim);
      const before = next;
      while (next === before) await commit().catch(() => {}); // as a worker does: what failed is done again
      await kafka.revive();
    }
    await pool.settle();
    await pool.disconnect();
    expect(known).toBe(Number(next) / 60);
    const keys = readCommitted(bootstrap, output).map(({ key }) => key);
    expect(keys.sort()).toEqual(namesOf(Number(next)).sort());
  });
});
