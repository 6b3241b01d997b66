import { describe, expect, it } from "vitest";
import { rowsAsHtml } from "./rows";

const cells = (html: string | undefined) =>
  [...(html ?? "").matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, text]) => text),
  );

describe("rows as a table", () => {
  it("have a column for every name, and nothing of theirs is HTML", () => {
    const html = rowsAsHtml([
      { name: "<script>", mag: 17.25 },
      { name: "b", seen: null, id: 9007199254740993n },
    ]);
    expect(cells(html)).toEqual([
      ["name", "mag", "seen", "id"],
      ["&lt;script&gt;", "17.250", "", ""],
      ["b", "", "–", "9007199254740993"],
    ]);
    expect(html).toContain(">2 rows<");
  });

  it("are bounded, and say so", () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, i]));
    const html = rowsAsHtml(Array.from({ length: 1000 }, () => wide));
    expect(cells(html)).toHaveLength(21);
    expect(cells(html)[0]).toHaveLength(30);
    expect(html).toContain("first 20 of 1,000 rows, first 30 of 40 columns");
  });

  class Row {
    a = 1;
  }
  const called = {
    get a(): number {
      throw new Error("called");
    },
  };
  it.each<[string, unknown]>([
    ["an empty list", []],
    ["numbers", [1]],
    ["lists", [[1]]],
    ["objects without anything", [{}]],
    ["objects that hold lists", [{ a: [1] }]],
    ["methods", [{ a: () => 1 }]],
    ["objects of a class", [new Row()]],
    ["getters, which are not called", [called]],
    ["an object", { a: 1 }],
  ])("are no %s", (_, value) => expect(rowsAsHtml(value)).toBeUndefined());
});
