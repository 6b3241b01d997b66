import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { catalogFromRows, loadCatalog } from "./load-catalog";

const folder = mkdtempSync(join(tmpdir(), "own-tables-"));
afterAll(() => rmSync(folder, { recursive: true }));
const load = (text: string, options = {}) => {
  writeFileSync(join(folder, "mine.txt"), text);
  return loadCatalog(join(folder, "mine.txt"), options);
};

describe("own tables", () => {
  it.each([
    ["spaces", 'ra   dec name\n10.5 -20.25 "a b"\n'],
    ["spaces before each line", "  ra   dec name\n  10.5 -20.25   a\n"],
    ["one column with a space", "coords\n10.5 -20.25\n"],
    ["one column with a comma", 'radec;n\n"10.5, -20.25";1\n'],
    ["brackets", "position;n\n(10.5, -20.25);1\n"],
    ["six parts", "coord;n\n00 42 00.0 -20 15 00;1\n"],
    ["letters without a space", "skycoord;n\n00h42m00s-20d15m00s;1\n"],
  ])("are read with %s", async (_, text) => {
    const catalog = await load(text);
    expect([...catalog.ra]).toEqual([10.5]);
    expect([...catalog.dec]).toEqual([-20.25]);
  });

  it("are refused where two columns are as good as one another, with the choice to make", async () => {
    for (const [text, message] of [
      ["ra,dec,RA\n1,2,3\n", /expected one column of right ascension, got "ra", "RA"/],
      ["ra,dec,ra\n1,2,3\n", /expected one column of right ascension, got "ra", "ra_2"/],
      ["ra,dec,decl\n1,2,3\n", /expected one column of declination, got "dec", "decl"/],
      ["coords,position\n1 2,3 4\n", /expected one column of coordinates, got "coords", "position"/],
    ] as const)
      await expect(load(text)).rejects.toMatchObject({
        message: expect.stringMatching(message),
        remedy: expect.stringContaining("raColumn"),
      });
    expect((await load("ra,dec,RA\n1,2,3\n", { raColumn: "RA" })).ra[0]).toBe(3);
  });

  it("are refused by row where a cell holds no place", async () => {
    await expect(load("coords;n\n10 20;1\nnowhere;2\n")).rejects.toThrow(
      /row 2, column "coords": expected .* got "nowhere"/,
    );
    await expect(load('ra dec name\n1 2 "a\n')).rejects.toThrow(/a quote that closes in line 2/);
    await expect(load("ra dec name\n1 2\n")).rejects.toThrow(/row 1, 2 cells instead of 3/);
  });

  it("with ids that come twice are kept and named, refused, or taken once, as is chosen", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const text = "id,ra,dec\nA,1,2\nB,3,4\nA,5,6\n";
    expect((await load(text)).length).toBe(3);
    expect(said.mock.calls.join()).toMatch(/column "id" has 1 ids again, first "A" in rows 1 and 3; all rows are kept/);
    said.mockRestore();
    await expect(load(text, { idColumn: "id" })).rejects.toThrow(/expected ids that differ, but column "id"/);
    const once = await load(text, { onDuplicateId: "first" });
    expect([...once.ra]).toEqual([1, 3]);
    await expect(load(text, { idColumn: "nr" })).rejects.toThrow(/expected a column "nr", got id, ra, dec/);
    await expect(load(text, { onDuplicateId: "last" })).rejects.toThrow(/"keep", "refuse" or "first"/);
    expect(() =>
      catalogFromRows(
        [
          { ra: 1, dec: 2, id: 7n },
          { ra: 3, dec: 4, id: 7n },
        ],
        { onDuplicateId: "refuse" },
      ),
    ).toThrow(/first "7" in rows 1 and 2/);
  });
});
