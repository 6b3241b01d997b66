import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KERNEL_NAME } from "../../src/engine/lab/kernelspec";
import { root } from "../helpers/data";

interface Cell {
  cell_type: "code" | "markdown";
  source: string[];
  outputs?: unknown[];
  execution_count?: number | null;
  metadata: object;
}

const names = readdirSync(join(root, "notebooks")).filter((name) => /^\d_\w+\.ipynb$/.test(name));
const read = (name: string) => JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));
const text = (cell: Cell | undefined) => cell?.source.join("") ?? "";
const linesOf = (cell: Cell) => text(cell).split("\n").length;

it("there is a notebook for each part", () => {
  expect(names.map((name) => name[0])).toEqual(expect.arrayContaining(["1", "2", "3", "4"]));
});

describe.each(names)("%s", (name) => {
  const notebook = read(name);
  const cells: Cell[] = notebook.cells;
  const code = cells.filter((cell) => cell.cell_type === "code");
  const [number] = name.split("_");

  it("begins with the header that every notebook has", () => {
    const [title = ""] = text(cells[0]).split("\n");
    expect(title).toMatch(new RegExp(`^# ${number} [A-Z]`));
    const rows = text(cells[0]).matchAll(/^\| \*\*(.+)\*\* \| (.+) \|$/gm);
    const header = Object.fromEntries([...rows].map(([, name, value]) => [name, value]));
    expect(Object.keys(header).slice(0, 4)).toEqual(["Goal", "Minutes", "Needs", "Verified on"]);
    const [, reading, exercises] = /^(\d+) to read and run, (\d+) for the exercises$/.exec(header["Minutes"]!) ?? [];
    expect(Number(reading)).toBeGreaterThanOrEqual(10);
    expect(Number(reading) + Number(exercises)).toBeLessThanOrEqual(60);
    expect(header["Verified on"]).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("numbers its sections: 1 Introduction, 1.1 Import, and on without a gap", () => {
    const headings = cells.filter((cell) => cell.cell_type === "markdown").flatMap((cell) => text(cell).split("\n"));
    const sections = headings.flatMap((line) => {
      const [, n, title] = /^## (\d+) (.+)/.exec(line) ?? [];
      return n === undefined ? [] : [{ n: Number(n), title }];
    });
    expect(sections.map(({ n }) => n)).toEqual(sections.map((_, i) => i + 1));
    expect(sections[0]!.title).toBe("Introduction");
    const parts = headings.flatMap((line) => /^### (\d+\.\d+) /.exec(line)?.[1] ?? []);
    expect(parts[0]).toBe("1.1");
    parts.forEach((part, i) => {
      const [a, b] = part.split(".").map(Number);
      const [c, d] = (parts[i - 1] ?? "1.0").split(".").map(Number);
      expect(a === c ? b === d! + 1 : a! > c! && b === 1, `${parts[i - 1]} is followed by ${part}`).toBe(true);
    });
  });

  it("ends with its key points, and with sources that have addresses, whom to cite and where to ask", () => {
    const ending = cells.map(text).find((cell) => /^(> |## \d+ )?.*Key points and sources\n/m.test(cell)) ?? "";
    const points = ending.match(/^- [A-Z].*\.$/gm) ?? [];
    expect(points.length).toBeGreaterThanOrEqual(3);
    const links = [...ending.matchAll(/\]\((https?:\/\/[^)\s]+)\)/g)].map(([, url]) => url!);
    expect(links.length).toBeGreaterThanOrEqual(4);
    expect(links.filter((url) => !URL.canParse(url))).toEqual([]);
    expect(ending).toMatch(/\b(cites?|thanks)\b/);
    expect(ending).toMatch(/Questions about the course.*MIT licence/);
  });

  it("has a caption under every figure, numbered in order", () => {
    const captions = cells.flatMap((cell) => [
      ...text(cell).matchAll(/^> \*\*Figures? (\d+)(?: to (\d+))?\.\*\* .{40,}$/gm),
    ]);
    const numbers = captions.flatMap(([, from, to = from]) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
    );
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    const drawn = code.filter((cell) => /\bshow\(|\bwatch\(/.test(text(cell)) && !text(cell).includes("useNetwork"));
    expect(captions.length).toBe(drawn.length);
  });

  it("has short cells, each announced by a sentence", () => {
    expect(Math.max(...code.map(linesOf))).toBeLessThanOrEqual(10);
    const sorted = code.map(linesOf).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(4);
    cells.forEach((cell, i) => {
      if (cell.cell_type !== "code") return;
      expect(cells[i - 1]?.cell_type, `before: ${text(cell)}`).toBe("markdown");
      const last = text(cells[i - 1])
        .trimEnd()
        .split("\n")
        .at(-1)!;
      expect(last, `before: ${text(cell)}`).toMatch(/^[A-Z].*[.:]$/);
    });
  });

  it("explains in text, not in comments, and imports the library alone; Part 6 compares it with avsc", () => {
    const lines = code.flatMap((cell) => text(cell).split("\n"));
    expect(lines.filter((line) => /^\s*\/\//.test(line))).toEqual([]);
    const imports = lines.flatMap((line) => /\bfrom "([^"]+)"/.exec(line)?.[1] ?? []);
    const allowed = number === "6" ? ["alert-bootcamp", "avsc"] : ["alert-bootcamp"];
    expect([...new Set(imports)].sort()).toEqual(allowed);
  });

  it("is committed without outputs, counts and hidden settings", () => {
    expect(code.flatMap((cell) => cell.outputs)).toEqual([]);
    expect(code.map((cell) => cell.execution_count).filter((count) => count !== null)).toEqual([]);
    expect(cells.flatMap((cell) => Object.keys(cell.metadata))).toEqual([]);
  });

  it("asks for the kernel that a launch installs", () => {
    expect(notebook.metadata.kernelspec).toEqual({
      display_name: "TypeScript",
      language: "typescript",
      name: KERNEL_NAME,
    });
    expect(notebook.metadata.language_info.name).toBe("typescript");
    expect(notebook.nbformat).toBe(4);
  });
});
