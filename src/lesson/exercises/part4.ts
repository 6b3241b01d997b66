import type { Part } from "./exercise";

/** Exercises of `4_crossmatch_classify`. */
export const part4: Part = {
  part: 4,
  title: "Crossmatch and classify",
  exercises: [
    {
      id: "4.1",
      title: "the widest radius with 97 % true matches",
      hints: [
        "The table above has it: read purity from the top.",
        "In code: rates.filter((row) => row.purity >= 0.97), and of these the largest radiusArcsec.",
      ],
      solution: `const good = rates.filter((row) => row.purity >= 0.97);
const radiusArcsec = Math.max(...good.map((row) => row.radiusArcsec));`,
    },
    {
      id: "4.2",
      title: "alerts with a catalogue entry within 1.5″",
      hints: [
        "match.crossmatch(catalogue, { radiusArcsec }) is a function of one alert, so night.map(…) takes it.",
        "It adds match, which is null when nothing is there.",
        "Count the alerts whose match is not null.",
      ],
      solution: `const answered = night.map(match.crossmatch(catalogue, { radiusArcsec: 1.5 }));
const matchedAlerts = answered.filter((a) => a.match !== null).length;`,
    },
    {
      id: "4.3",
      title: "alerts at RR Lyrae stars",
      hints: [
        "Of matched, keep those with a match whose class begins with RR.",
        'A text knows how it begins: classOf(a.match.row).startsWith("RR").',
        "Ask for a.match first: a.match !== null && …",
      ],
      solution:
        'const rrLyrae = matched.filter((a) => a.match !== null && classOf(a.match.row).startsWith("RR")).length;',
    },
    {
      id: "4.4",
      title: "pure alerts without a match",
      hints: [
        "Without a match: a.match === null.",
        'A ready-made cut is a test of the alert: cut.ready["ztf-purity"](a).',
      ],
      solution: 'const newcomers = matched.filter((a) => a.match === null && cut.ready["ztf-purity"](a));',
    },
  ],
};
