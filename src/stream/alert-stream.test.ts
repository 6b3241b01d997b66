import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { AlertStream } from "./alert-stream";

const numbers = (n: number) => AlertStream.from(() => Array.from({ length: n }, (_, i) => i));

describe("AlertStream", () => {
  it("filters, maps and takes in the order written, and starts again when iterated twice", async () => {
    const stream = numbers(100)
      .filter((n) => n % 2 === 0)
      .map((n) => n * 10)
      .take(3);
    expect(await stream.toArray()).toEqual([0, 20, 40]);
    expect(await stream.toArray()).toEqual([0, 20, 40]);
    expect(
      await numbers(10)
        .take(4)
        .filter((n) => n > 1)
        .toArray(),
    ).toEqual([2, 3]);
  });

  it("as the value of a cell says how it is read, and what was", async () => {
    const stream = numbers(3);
    expect(inspect(stream)).toMatch(/^AlertStream, not read yet; read it by: for await/);
    await stream.toArray();
    expect(inspect(stream)).toContain("read 3 = selected 3");
  });

  it("awaits async projections in order", async () => {
    expect(
      await numbers(4)
        .map(async (n) => n + 1)
        .filter((n) => n > 2)
        .toArray(),
    ).toEqual([3, 4]);
  });

  it("awaits an async filter: a promise is not a yes", async () => {
    const stream = numbers(6).filter(async (n) => n > 3);
    expect(await stream.toArray()).toEqual([4, 5]);
    expect(stream.ledger.rejected).toBe(4);
  });

  it.each(["filter", "map", "tap", "forEach", "select"])("refuses what is no argument of %s, at once", async (verb) => {
    const call = async (value: unknown) => (numbers(3) as any)[verb](value);
    await expect(call(undefined)).rejects.toMatchObject({ code: "USAGE" });
    await expect(call(3)).rejects.toMatchObject({ code: "USAGE" });
  });

  it("narrows to the selected properties", async () => {
    const rows = AlertStream.from(() => [{ ra: 1, dec: 2, mag: 3 }]);
    expect(await rows.select("ra", "mag").toArray()).toEqual([{ ra: 1, mag: 3 }]);
  });

  it("closes the source when a loop is left, and when take() is full", async () => {
    const closed = vi.fn();
    const stream = AlertStream.from(async function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed();
      }
    });
    for await (const n of stream) if (n === 2) break;
    expect(closed).toHaveBeenCalledTimes(1);
    await stream.take(5).toArray();
    expect(closed).toHaveBeenCalledTimes(2);
  });

  it("keeps balanced books when a filter or an async projection throws", async () => {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const stream = numbers(10)
      .filter((n) => {
        if (n === 3) throw new Error("bad three");
        return n < 8;
      })
      .map(async (n) => {
        if (n === 5) throw new Error("bad five");
        return n;
      });
    expect(await stream.toArray()).toEqual([0, 1, 2, 4, 6, 7]);
    expect(stderr).toHaveBeenCalledTimes(1);
    stderr.mockRestore();
    const { ledger } = stream;
    expect(ledger.toString()).toBe("read 10 = selected 6 + rejected 2 + failed 2");
    expect(ledger.failures.map((f) => f.error.message)).toEqual(["bad three", "bad five"]);
    expect(ledger.pending).toBe(0);
  });

  it("refuses a senseless take", () => {
    expect(() => numbers(3).take(-1)).toThrow(/Expected a whole number of alerts, 0 or more, got -1 \(number\)/);
  });
});
