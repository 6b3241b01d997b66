import { isPure, purityCuts, type Seen } from "./data";
import type { Mistake, Part } from "./exercise";
import { filterGoal } from "./filter-goal";

type Rows = readonly { readonly name: string; readonly rejected: number }[];

/** The purity cut with one part left out, or with the absolute value of what was not measured. */
function almostPure(night: readonly Seen[]): Mistake[] {
  const left = (tests: readonly ((a: Seen) => boolean)[]) => night.filter((a) => tests.every((test) => test(a))).length;
  const all = Object.values(purityCuts);
  const without = Object.keys(purityCuts).map((field, i) => ({
    value: left(all.toSpliced(i, 1)),
    is: `the limit on ${field} is missing, or lets too much pass`,
  }));
  const round = (a: Seen) => Math.abs(Number(a.packet.candidate["magdiff"])) <= 0.1;
  const oneSided = (a: Seen) => Number(a.packet.candidate["magdiff"] ?? Number.NaN) <= 0.1;
  return [
    {
      value: left([...all.slice(0, 4), round]),
      is: "a magdiff that was not measured counts as 0: Math.abs(null) is 0",
    },
    { value: left([...all.slice(0, 4), oneSided]), is: "magdiff has a lower limit as well" },
    ...without,
  ];
}

const nearest = (night: readonly Seen[]) => night.map((a) => a.packet.candidate["ssdistnr"]);

/** Exercises of `3_filtering`. */
export const part3: Part = {
  part: 3,
  title: "Filtering",
  exercises: [
    {
      id: "3.1",
      title: "alerts brighter than 16",
      hints: [
        "Brighter means a smaller number.",
        'A cut has a name, a value and a limit: cut("brighter", (a) => a.mag, { … }).',
        "night.filter(…) keeps what passes; its length is the answer.",
      ],
      solution: 'const brighterThan16 = night.filter(cut("brighter", (a) => a.mag, { below: 16 })).length;',
      answer: (night: readonly Seen[]) => night.filter((a) => a.mag < 16).length,
      mistakes: (night: readonly Seen[]) => [
        { value: night.filter((a) => a.mag > 16).length, is: "the fainter ones: brighter is a smaller number" },
        { value: night.filter((a) => a.mag < 17).length, is: "those of the cut above, with its limit" },
      ],
    },
    {
      id: "3.2",
      title: "pure alerts",
      hints: [
        "Five cuts must hold together: cut.all(…).",
        "rb ≥ 0.65, nbad = 0, fwhm ≤ 5, elong ≤ 1.2, −0.1 ≤ magdiff ≤ 0.1, all in a.packet.candidate.",
        "The last one has both limits, { min: -0.1, max: 0.1 }: Math.abs() would turn a missing value into 0.",
      ],
      solution: `const purity = cut.all(
  cut("real", (a) => a.packet.candidate.rb, { min: 0.65 }),
  cut("no bad pixels", (a) => a.packet.candidate.nbad, { equals: 0 }),
  cut("sharp", (a) => a.packet.candidate.fwhm, { max: 5 }),
  cut("round", (a) => a.packet.candidate.elong, { max: 1.2 }),
  cut("PSF and aperture agree", (a) => a.packet.candidate.magdiff, { min: -0.1, max: 0.1 }),
);`,
      answer: (night: readonly Seen[]) => night.filter(isPure).length,
      mistakes: almostPure,
    },
    {
      id: "3.3",
      title: "the cut that removes most",
      hints: [
        "steps.rows hold name, passed and rejected.",
        "Copy the rows, [...steps.rows], and sort them by rejected, largest first.",
        "The name of the first row is the answer.",
      ],
      solution: "const hardest = [...steps.rows].sort((a, b) => b.rejected - a.rejected)[0]!.name;",
      answer: (rows: Rows) => rows.reduce((a, b) => (b.rejected > a.rejected ? b : a)).name,
      mistakes: (rows: Rows) => [
        { value: rows.reduce((a, b) => (b.rejected < a.rejected ? b : a)).name, is: "the one that removes least" },
        { value: Math.max(...rows.map((row) => row.rejected)), is: "how many it removes; its name is asked for" },
      ],
    },
    {
      id: "3.4",
      title: "alerts near a known asteroid",
      hints: [
        "A distance is never negative: −999 stands for none.",
        "One cut may have two limits: { min: 0, max: 5 }.",
      ],
      solution: `const close = cut("near an asteroid", (a) => a.packet.candidate.ssdistnr, { min: 0, max: 5 });
const nearAsteroid = night.filter(close).length;`,
      answer: (night: readonly Seen[]) =>
        nearest(night).filter((d) => typeof d === "number" && d >= 0 && d <= 5).length,
      mistakes: (night: readonly Seen[]) => [
        {
          value: nearest(night).filter((d) => typeof d === "number" && d <= 5).length,
          is: "you counted the −999, which stands for none",
        },
        { value: nearest(night).filter((d) => Number(d) >= 0 && Number(d) <= 5).length, is: "null was counted as 0" },
        {
          value: nearest(night).filter((d) => Number(d) >= 0).length,
          is: "near or far: there is an upper limit as well",
        },
      ],
    },
    {
      id: "3.5",
      title: "a filter for what is real",
      hints: [
        "Print the score: its table says which classes are lost, and which get in.",
        "In Figure 7, which of the two curves comes closer to the corner at the upper right?",
        "The deep network's score is a.packet.candidate.drb. A limit between 0.5 and 0.8 does it alone.",
      ],
      solution: 'const mine = cut("real, deep network", (a) => a.packet.candidate.drb, { min: 0.6 });',
      lacks: filterGoal({ purity: 0.9, completeness: 0.9 }),
    },
  ],
};
