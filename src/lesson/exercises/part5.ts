import type { Part } from "./exercise";

/** Exercises of `5_lsst_alerts`; `rows` has one row for each alert, `chosen` is the alert of section 6. */
export const part5: Part = {
  part: 5,
  title: "LSST alerts",
  exercises: [
    {
      id: "5.1",
      title: "the schema id of a message",
      hints: [
        "Byte 0 is the mark of the wire form; the id begins at byte 1.",
        "Rubin writes the highest byte first: BE.",
      ],
      solution: "const schemaId = first!.bytes.readUInt32BE(1);",
    },
    {
      id: "5.2",
      title: "alerts with negative flux",
      hints: ["Fainter than in the template means that the difference flux is below 0.", "rows.filter(…).length"],
      solution: "const fainter = rows.filter((row) => row.fluxNJy < 0).length;",
    },
    {
      id: "5.3",
      title: "alerts of moving objects",
      hints: [
        "What moves has an ssSource; the rows say so in isMoving.",
        "filter(…) keeps the rows for which it is true.",
      ],
      solution: "const moving = rows.filter((row) => row.isMoving).length;",
    },
    {
      id: "5.4",
      title: "reliable, no dipole",
      hints: [
        "Two conditions must hold: && joins them.",
        "reliability is a number, isDipole is true or false; ! turns it round.",
      ],
      solution: "const kept = rows.filter((row) => row.reliability >= 0.5 && !row.isDipole).length;",
    },
    {
      id: "5.5",
      title: "forced measurements good to 2 %",
      hints: [
        "Each point has its flux and its error, in the same unit.",
        "Count the points whose error is below 0.02 times the flux.",
      ],
      solution: "const precise = chosen.forced.filter((p) => p.fluxErrNJy < 0.02 * p.fluxNJy).length;",
    },
    {
      id: "5.6",
      title: "objects seen by both surveys",
      hints: [
        "The same object has the same sourceId in every row.",
        "A Set keeps every value once; its size is the answer.",
      ],
      solution: "const shared = new Set(both.map((row) => row.sourceId)).size;",
    },
  ],
};
