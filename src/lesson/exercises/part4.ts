import { distinct, isPure, type Seen } from "./data";
import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

type Rates = readonly { readonly radiusArcsec: number; readonly purity: number }[];

interface Matched extends Seen {
  readonly match: { readonly separationArcsec: number; readonly row: Readonly<Record<string, unknown>> } | null;
}

const within = (alerts: readonly Matched[], radiusArcsec: number) =>
  alerts.filter((a) => a.match !== null && a.match.separationArcsec <= radiusArcsec).length;
/** The type of a variable star stands under the name that its catalogue has for it. */
const typeOf = ({ match }: Matched) => String(match?.row["VarType"] ?? match?.row["type"] ?? "");
const rrLyrae = (matched: readonly Matched[]) => matched.filter((a) => typeOf(a).startsWith("RR"));

/** Exercises of `4_crossmatch_classify`. */
export const part4: Part = {
  part: 4,
  title: "Crossmatch and classify",
  exercises: [
    {
      id: "4.1",
      title: "the widest radius with 95 % true matches, arcsec",
      hints: [
        "The table above has it: read purity from the top.",
        "In code: rates.filter((row) => row.purity >= 0.95), and of these the largest radiusArcsec.",
      ],
      solution: `const good = rates.filter((row) => row.purity >= 0.95);
const radiusArcsec = Math.max(...good.map((row) => row.radiusArcsec));`,
      answer: (rates: Rates) => Math.max(...rates.filter((row) => row.purity >= 0.95).map((row) => row.radiusArcsec)),
      mistakes: (rates: Rates) =>
        rates.map(({ radiusArcsec, purity }) => ({
          value: radiusArcsec,
          is:
            purity >= 0.95 ? "true enough, and a wider one is so too" : "fewer than 95 % of the matches are true there",
        })),
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
      answer: (generous: readonly Matched[]) => within(generous, 1.5),
      mistakes: (generous: readonly Matched[]) => [
        { value: generous.length, is: "all: no alert is dropped by a match, ask whether it is null" },
        { value: generous.length - within(generous, 1.5), is: "those without one" },
        ...[1, 2, 5].map((radius) => ({ value: within(generous, radius), is: `those within ${radius}″` })),
      ],
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
      answer: (matched: readonly Matched[]) => rrLyrae(matched).length,
      mistakes: (matched: readonly Matched[]) => [
        { value: distinct(rrLyrae(matched), (a) => a.objectId), is: "objects; their alerts are asked for" },
        ...["RRAB", "RRC"].map((type) => ({
          value: matched.filter((a) => typeOf(a) === type).length,
          is: `${type} alone: there are other types that begin with RR`,
        })),
      ],
    },
    {
      id: "4.4",
      title: "pure alerts without a match",
      hints: [
        "Without a match: a.match === null.",
        'A ready-made cut is a test of the alert: cut.ready["ztf-purity"](a).',
      ],
      solution: 'const newcomers = matched.filter((a) => a.match === null && cut.ready["ztf-purity"](a));',
      answer: (matched: readonly Matched[]) => matched.filter((a) => a.match === null && isPure(a)).length,
      mistakes: (matched: readonly Matched[]) => [
        { value: matched.filter((a) => a.match === null).length, is: "all without a match, pure or not" },
        { value: matched.filter(isPure).length, is: "all that are pure, with a match or without" },
        { value: matched.filter((a) => a.match !== null && isPure(a)).length, is: "the pure ones with a match" },
      ],
    },
    {
      id: "4.5",
      title: "a filter for what has exploded",
      hints: [
        "What explodes has no match in a catalogue of stars, and is brighter than before: a.isPositive.",
        "Not every artefact has a match: a drb of 0.6 or more; asteroids have none, and a ready-made cut knows them.",
        'Four conditions: a.match === null, a.isPositive, drb, and !cut.ready["ztf-solar-system"](a).',
      ],
      solution: `const mine = (a: (typeof answered)[0]) =>
  a.match === null && a.isPositive && a.packet.candidate.drb >= 0.6 && !cut.ready["ztf-solar-system"](a);`,
      lacks: filterGoal({ purity: 0.8, completeness: 0.8 }),
    },
  ],
};
