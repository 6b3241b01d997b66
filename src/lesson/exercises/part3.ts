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
        'A cut has a name, a value and a limit: cut("bright", a => a.mag, { … }).',
      ],
      solution: 'const bright = night.filter(cut("bright", (a) => a.mag, { below: 16 })).length;',
    },
    {
      id: "3.2",
      title: "the purity cut",
      hints: [
        "Five cuts must hold together: all(…).",
        "rb ≥ 0.65, nbad = 0, fwhm ≤ 5, elong ≤ 1.2, −0.1 ≤ magdiff ≤ 0.1, all in packet.candidate.",
        'cut("real", a => a.packet.candidate.rb, { min: 0.65 }) is the first of them.',
      ],
      solution: `const pure = all(
  cut("real", (a) => a.packet.candidate.rb, { min: 0.65 }),
  cut("no bad pixels", (a) => a.packet.candidate.nbad, { equals: 0 }),
  cut("sharp", (a) => a.packet.candidate.fwhm, { max: 5 }),
  cut("round", (a) => a.packet.candidate.elong, { max: 1.2 }),
  cut("PSF and aperture agree", (a) => a.packet.candidate.magdiff, { min: -0.1, max: 0.1 }),
);`,
    },
    {
      id: "3.3",
      title: "which cut takes most",
      hints: [
        "funnel(night, pure) counts what every cut rejects.",
        "Its rows hold name, passed and rejected.",
        "Sort the rows by rejected, largest first, and take the name of the first.",
      ],
      solution: `const steps = await funnel(night, pure);
const hardest = [...steps.rows].sort((a, b) => b.rejected - a.rejected)[0]!.name;`,
    },
    {
      id: "3.4",
      title: "your filter against truth",
      hints: [
        "score(filter, truth, alerts) gives purity and completeness.",
        "Bogus detections have a low rb, a large |magdiff| or bad pixels; start from the purity cut.",
        "Loosen elong and fwhm one after the other and look at what completeness gains and purity loses.",
      ],
      solution: `const mine = all(
  cut("real", (a) => a.packet.candidate.rb, { min: 0.55 }),
  cut("no bad pixels", (a) => a.packet.candidate.nbad, { equals: 0 }),
);`,
    },
  ],
};
