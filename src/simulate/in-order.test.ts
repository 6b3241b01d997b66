import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order";
import { Random } from "./random";
import type { Request } from "./threads";

const recordOf = (n: number) => [Buffer.from(String(n))];
const runOf = ({ from, to }: Request) => Array.from({ length: to - from }, (_, i) => recordOf(from + i));

/** Takes all records; says which were made here. */
async function taken(count: number, ask: Parameters<typeof inOrder>[2]) {
  const [here, texts] = [[] as number[], [] as string[]];
  const make = (n: number) => {
    here.push(n);
    return recordOf(n);
  };
  for await (const record of inOrder({ night: 1, from: 0, to: count }, make, ask)) texts.push(String(record));
  return { here, texts };
}

const all = (count: number) => Array.from({ length: count }, (_, n) => String(n));

describe("records of a night, made here and by threads", () => {
  it.each([0, 1, 8, 63, 64, 65, 500])("come in order and once when no thread is free: %i", async (count) => {
    const { here, texts } = await taken(count, () => undefined);
    expect(texts).toEqual(all(count));
    expect(here.map(String)).toEqual(all(count));
  });

  it("come in order and are made once, whenever threads answer", async () => {
    const there: number[] = [];
    const random = new Random(5);
    const { here, texts } = await taken(3000, (request) => {
      if (random.chance(0.5)) return undefined;
      for (let n = request.from; n < request.to; n++) there.push(n);
      const turns = random.below(20);
      return (async () => {
        for (let n = 0; n < turns; n++) await new Promise(setImmediate);
        return runOf(request);
      })();
    });
    expect(texts).toEqual(all(3000));
    expect([...here, ...there].sort((a, b) => a - b).map(String)).toEqual(all(3000));
    expect(there.length).toBeGreaterThan(500);
    expect(here.length).toBeGreaterThan(200);
  });

  it("are made here when a thread fails", async () => {
    const { texts } = await taken(700, ({ from }) => Promise.resolve(from > 300 ? undefined : []));
    expect(texts).toEqual(all(700));
  });

  it("are not made far ahead of a thread that does not answer, nor of who takes them", async () => {
    let [asked, made] = [0, 0];
    const waits: (() => void)[] = [];
    const make = (n: number) => {
      made++;
      return recordOf(n);
    };
    const records = inOrder({ night: 1, from: 0, to: 100_000 }, make, (request) => {
      asked += request.to - request.from;
      return new Promise((resolve) => waits.push(() => resolve(runOf(request))));
    });
    for (let n = 0; n < 63; n++) await records.next();
    expect([made, asked]).toEqual([63, 0]);
    await records.next();
    const next = records.next();
    for (let n = 0; n < 1000; n++) await new Promise(setImmediate);
    expect(asked + made).toBeLessThan(1000);
    waits[0]!();
    expect(String((await next).value)).toBe("64");
    await records.return();
  });
});
