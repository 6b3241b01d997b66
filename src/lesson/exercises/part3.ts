import type { Part } from "./exercise";

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
    },
    {
      id: "3.2",
      title: "the purity cut",
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
    },
    {
      id: "3.3",
      title: "which cut removes most",
      hints: [
        "steps.rows hold name, passed and rejected.",
        "Copy the rows, [...steps.rows], and sort them by rejected, largest first.",
        "The name of the first row is the answer.",
      ],
      solution: "const hardest = [...steps.rows].sort((a, b) => b.rejected - a.rejected)[0]!.name;",
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
    },
    {
      id: "3.5",
      title: "your filter against the truth",
      hints: [
        "score(mine, practice.truth, alerts) gives purity and completeness; print it to see what is lost.",
        "In Figure 7, which of the two curves comes closer to the corner at the upper right?",
        "The deep network's score is a.packet.candidate.drb. A limit between 0.5 and 0.8 does it alone.",
      ],
      solution: 'const mine = cut("real, deep network", (a) => a.packet.candidate.drb, { min: 0.6 });',
    },
  ],
};
