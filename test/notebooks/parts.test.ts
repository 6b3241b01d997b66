import { describe, expect, it } from "vitest";
import { parts } from "../../src/lesson/exercises/parts";
import { needs } from "../helpers/data";
import { readCells } from "./run-notebook";
import { cellId, notebooks, ownSet, withNights } from "./run-part";

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

// all parts run in test/full, also on ZTF's real alerts and unedited
describe.skipIf(needs.python() || needs.data())("the notebooks in a real kernel", () => {
  const nights = withNights();
  const short = notebooks.filter(({ part }) => part === 2);
  it.each(short)("$name, solved, passes every check", (one) => nights.solved(one, ownSet(one.part)), 180_000);
});
