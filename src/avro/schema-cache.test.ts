import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Alert } from "../alert/alert";
import { parseSchema } from "./schema";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const wide = (n: number) =>
  parseSchema({
    type: "record",
    name: `wide${n}.alert`,
    fields: Array.from({ length: 2000 }, (_, i) => ({ name: `f${i}`, type: "int" })),
  });

describe("schemas that were parsed", () => {
  it("are the same object while they are in use", () => {
    expect(wide(0)).toBe(wide(0));
  });

  it("take bounded memory with all that was compiled for them: 100 of 2,000 fields", () => {
    const record = Buffer.alloc(2000, 2);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 100; n++) {
      const alert = new Alert(record, wide(n), { kind: "memory", record: n }, undefined, "bare");
      expect([alert.packet.f1999, alert.mag]).toEqual([1, Number.NaN]);
    }
    collect();
    expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(150);
    expect(wide(99)).toBe(wide(99));
  });
});
