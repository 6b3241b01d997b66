import { describe, expect, it } from "vitest";
import { table } from "./run";

describe("table", () => {
  it("aligns numbers to the right, text to the left, and leaves empty what is not there", () => {
    const rows = [
      { topic: "a", offset: 7n, lag: null },
      { topic: "longer", offset: 1200n, lag: undefined },
    ];
    expect(table(rows).split("\n")).toEqual(["topic   offset  lag", "a            7", "longer    1200"]);
  });

  it("lets no name of a stranger act on the terminal", () => {
    expect(table([{ group: "x\u001b]0;title\u0007" }])).toBe("group\nx·]0;title·");
  });
});
