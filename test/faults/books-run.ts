import { expect } from "vitest";
import { runFilters } from "../../src/kafka/filter/filter";
import { readCommitted } from "../filter/committed";
import { caughtUp, moved } from "./group-progress";
import type { OwnKafka } from "./own-kafka";
import { namesOf, Sending } from "./sending";

const perVisit = 100;

/**
 * Publishes and filters while brokers are killed, one after the other, and compares the books of both with what librdkafka
 * finds in Kafka afterwards.
 *
 * @param down what has to go on while a broker is not there, and before it is started again
 */
export async function keepsBooks(
  kafka: OwnKafka,
  topic: string,
  victims: readonly number[],
  down: "works" | "waits",
): Promise<void> {
  const { bootstrap } = kafka;
  const group = `${topic}-group`;
  const filters = [
    { name: `${topic}-bright`, accepts: (alert: { mag: number }) => alert.mag < 18 },
    { name: `${topic}-faint`, accepts: (alert: { mag: number }) => alert.mag >= 18 },
  ];
  const leaks: string[] = []; // Node warns when one signal is listened to eleven times
  const onWarning = ({ name }: Error) => void leaks.push(name);
  process.on("warning", onWarning);
  const sending = new Sending({ bootstrap, topic, perVisit, secondsPerVisit: 0.05 });
  await sending.more(3);
  const stopping = new AbortController();
  const job = { bootstrap, group, until: "forever" as const, progress: false, signal: stopping.signal };
  const filtering = runFilters(topic, { ...job, capPerVisit: Number.POSITIVE_INFINITY, filters });
  for (const [n, victim] of victims.entries()) {
    await moved(bootstrap, group, 3 * perVisit);
    await kafka.kill(victim);
    if (down === "works") {
      await sending.more(3);
      await moved(bootstrap, group, 3 * perVisit);
    }
    if (down === "works" && n === victims.length - 1) break; // two of three are enough for the rest
    await kafka.revive();
    await sending.more(3);
  }
  const sent = await sending.end();
  const done = await caughtUp(bootstrap, group);
  stopping.abort();
  const books = await filtering;
  process.off("warning", onWarning);
  expect(leaks).toEqual([]);

  const keysOf = (name: string) => readCommitted(bootstrap, name).map(({ key }) => key);
  const [stored, bright, faint] = [topic, ...filters.map(({ name }) => `${topic}.${name}`)].map((name) =>
    keysOf(name).sort(),
  );
  const isBright = (name: string) => 15 + (Number(name.slice(1)) % 8) < 18;
  const names = namesOf(sent.alerts).sort();
  expect(sent).toMatchObject({ alerts: sent.visits * perVisit, interrupted: false });
  expect(stored).toEqual(names);
  expect(bright).toEqual(names.filter(isBright));
  expect(faint).toEqual(names.filter((name) => !isBright(name)));
  expect(done).toBe(BigInt(sent.alerts));
  expect(books).toMatchObject({ read: sent.alerts, balanced: true, interrupted: true });
  expect(books.filters.map(({ selected }) => selected)).toEqual([bright!.length, faint!.length]);
}
