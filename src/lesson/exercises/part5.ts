import { distinct } from "./data";
import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

interface Row {
  readonly fluxNJy: number;
  readonly isMoving: boolean;
  readonly reliability: number;
  readonly isDipole: boolean;
}
type Rows = readonly Row[];
type Points = readonly { readonly fluxNJy: number; readonly fluxErrNJy: number }[];
type Sources = readonly { readonly sourceId: string }[];

const count = (rows: Rows, test: (row: Row) => boolean) => rows.filter(test).length;
const better = (points: Points, share: number) => points.filter((p) => p.fluxErrNJy < share * p.fluxNJy).length;

/** Exercises of `5_lsst_alerts`; `rows` has one row for each alert, `chosen` is the alert of section 6. */
export const part5: Part = {
  part: 5,
  title: "LSST alerts",
  exercises: [
    {
      id: "5.1",
      title: "schema id",
      hints: [
        "Byte 0 is the mark of the wire form; the id begins at byte 1.",
        "Rubin writes the highest byte first: BE.",
      ],
      solution: "const schemaId = first.bytes.readUInt32BE(1);",
      answer: (bytes: Buffer) => bytes.readUInt32BE(1),
      mistakes: (bytes: Buffer) => [
        { value: bytes.readUInt32LE(1), is: "read with the lowest byte first" },
        { value: bytes.readUInt32BE(0), is: "read from byte 0, which is the mark of the wire form" },
        { value: bytes.readUInt16BE(1), is: "two bytes; the id has four" },
      ],
    },
    {
      id: "5.2",
      title: "alerts with negative flux",
      hints: ["Fainter than in the template means that the difference flux is below 0.", "rows.filter(…).length"],
      solution: "const fainter = rows.filter((row) => row.fluxNJy < 0).length;",
      answer: (rows: Rows) => count(rows, (row) => row.fluxNJy < 0),
      mistakes: (rows: Rows) => [{ value: count(rows, (row) => row.fluxNJy > 0), is: "those that became brighter" }],
    },
    {
      id: "5.3",
      title: "alerts of moving objects",
      hints: [
        "What moves has an ssSource; the rows say so in isMoving.",
        "filter(…) keeps the rows for which it is true.",
      ],
      solution: "const moving = rows.filter((row) => row.isMoving).length;",
      answer: (rows: Rows) => count(rows, (row) => row.isMoving),
      mistakes: (rows: Rows) => [{ value: count(rows, (row) => !row.isMoving), is: "those that stay where they are" }],
    },
    {
      id: "5.4",
      title: "reliable, no dipole",
      hints: [
        "Two conditions must hold: && joins them.",
        "reliability is a number, isDipole is true or false; ! turns it round.",
      ],
      solution: "const kept = rows.filter((row) => row.reliability >= 0.5 && !row.isDipole).length;",
      answer: (rows: Rows) => count(rows, (row) => row.reliability >= 0.5 && !row.isDipole),
      mistakes: (rows: Rows) => [
        { value: count(rows, (row) => row.reliability >= 0.5), is: "reliable, dipoles among them" },
        { value: count(rows, (row) => row.reliability >= 0.5 && row.isDipole), is: "the reliable dipoles" },
        { value: count(rows, (row) => !row.isDipole), is: "no dipoles, reliable or not" },
      ],
    },
    {
      id: "5.5",
      title: "a filter for what is real",
      hints: [
        "Figure 2: which of the two curves passes through the corner that is asked for?",
        "Reliability from 0.4 to 0.55, and no dipole.",
        "cut.all joins the two cuts of section 5.1.",
      ],
      solution: "const mine = cut.all(reliableCut, noDipole);",
      lacks: filterGoal({ purity: 0.95, completeness: 0.95 }),
    },
    {
      id: "5.6",
      title: "forced measurements good to 2 %",
      hints: [
        "Each point has its flux and its error, in the same unit.",
        "Count the points whose error is below 0.02 times the flux.",
      ],
      solution: "const precise = chosen.forced.filter((p) => p.fluxErrNJy < 0.02 * p.fluxNJy).length;",
      answer: (points: Points) => better(points, 0.02),
      mistakes: (points: Points) => [
        { value: points.length - better(points, 0.02), is: "those that are worse" },
        { value: points.length, is: "all of them" },
        { value: better(points, 0.2), is: "those good to 20 %" },
        {
          value: points.filter((p) => p.fluxErrNJy < 0.02).length,
          is: "errors below 0.02 nJy; 2 % of the flux is meant",
        },
      ],
    },
    {
      id: "5.7",
      title: "objects seen by both",
      hints: [
        "The same object has the same sourceId in every row.",
        "A Set keeps every value once; its size is the answer.",
      ],
      solution: "const shared = new Set(both.map((row) => row.sourceId)).size;",
      answer: (both: Sources) => distinct(both, (row) => row.sourceId),
      mistakes: (both: Sources) => [{ value: both.length, is: "alerts, not objects" }],
    },
  ],
};
