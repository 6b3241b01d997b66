import { describe, expect, it } from "vitest";
import { parts } from "../../src/lesson/exercises/parts";
import { readCells } from "./run-notebook";
import { cellId, notebooks } from "./run-part";

describe("the exercises", () => {
  it.each(notebooks)("of $name each have a cell that ends with their check", ({ part, name }) => {
    const ids = parts.find((one) => one.part === part)!.exercises.map(({ id }) => id);
    const cells = readCells(name).filter(({ id }) => id.startsWith("exercise-"));
    expect(cells.map(({ id }) => id)).toEqual(ids.map(cellId));
    expect(cells.map(({ source }) => /^check\("(\d+\.\d+)", /m.exec(source)?.[1])).toEqual(ids);
  });
});

it.each(parts)("of Part $part one exercise is open, and the others have an answer", (part) => {
  const open = part.exercises.filter(({ lacks }) => lacks);
  expect(open.length).toBeGreaterThanOrEqual(1);
  expect(part.exercises.filter(({ lacks, answer }) => (lacks === undefined) === (answer === undefined))).toEqual([]);
});
