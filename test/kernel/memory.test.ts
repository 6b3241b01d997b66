// @module-tag long
import { describe, expect, it } from "vitest";
import { needs } from "../helpers/data";
import { errorOf, result, runSession } from "./session";

describe.skipIf(needs.python())("a cell that takes memory without end", () => {
  it("ends its own process; what happened and how much there was is said, and the next cell runs", async () => {
    const steps = [
      { code: "const all: string[][] = []; for (;;) all.push(Array.from({ length: 10_000 }, (_, n) => `item ${n}`))" },
      { code: "'fresh'" },
    ];
    const [full, after] = await runSession(steps, undefined, { NODE_OPTIONS: "--max-old-space-size=256" });
    const { ename, evalue } = errorOf(full!);
    expect(ename).toBe("CellsEnded");
    expect(evalue).toMatch(/^the cells had no memory left: \d{3} MB are what V8 takes at most here/);
    expect(result(after!)["text/plain"]).toBe("'fresh'");
  });
});
