import { distinct, type Seen } from "./data";
import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

type Truth = readonly { readonly isReal: boolean; readonly sourceId: string }[];
const asNumbers = (night: readonly Seen[]) => distinct(night, (a) => Number(a.alertId));
const mags = (night: readonly Seen[]) => night.map((a) => a.mag);

/** Exercises of `1_alerts_and_visits`; `night` is the array of all alerts. */
export const part1: Part = {
  part: 1,
  title: "Alerts and visits",
  exercises: [
    {
      id: "1.1",
      title: "how many alerts the night has",
      hints: ["The alerts are in an array.", "Every array knows its length."],
      solution: "const alertsInNight = night.length;",
      answer: (night: readonly Seen[]) => night.length,
    },
    {
      id: "1.2",
      title: "how many ids stay different as numbers",
      hints: [
        "night.map(…) gives one value for each alert: Number(a.alertId).",
        "A Set keeps every value once.",
        "Its number of entries is called size.",
      ],
      solution: "const numbersLeft = new Set(night.map((a) => Number(a.alertId))).size;",
      answer: asNumbers,
      mistakes: (night: readonly Seen[]) => [
        { value: distinct(night, (a) => a.alertId), is: "the ids themselves: turn each into a Number first" },
        { value: night.length - asNumbers(night), is: "those that are lost; the others are asked for" },
      ],
    },
    {
      id: "1.3",
      title: "how many different objects were seen",
      hints: ["Several alerts may come from one object: look at objectId.", "Count the different values, as in 1.2."],
      solution: "const objects = new Set(night.map((a) => a.objectId)).size;",
      answer: (night: readonly Seen[]) => distinct(night, (a) => a.objectId),
      mistakes: (night: readonly Seen[]) => [
        { value: night.length, is: "alerts, not objects: every alert has an alertId of its own" },
      ],
    },
    {
      id: "1.4",
      title: "the brightest alert, mag",
      hints: ["Brighter means a smaller magnitude.", "Math.min takes many numbers: Math.min(...numbers)."],
      solution: "const brightest = Math.min(...night.map((a) => a.mag));",
      answer: (night: readonly Seen[]) => Math.min(...mags(night)),
      tolerance: 0.01,
      mistakes: (night: readonly Seen[]) => [
        { value: Math.max(...mags(night)), is: "the faintest: magnitudes run backwards" },
        { value: mags(night)[0], is: "the first alert of the night" },
      ],
    },
    {
      id: "1.5",
      title: "how many alerts are real",
      hints: ["The rows of simulated.truth are an array.", "filter(…) keeps those for which row.isReal holds."],
      solution: "const real = simulated.truth.filter((row) => row.isReal).length;",
      answer: (truth: Truth) => truth.filter((row) => row.isReal).length,
      mistakes: (truth: Truth) => {
        const real = truth.filter((row) => row.isReal);
        return [
          { value: truth.length, is: "all rows" },
          { value: truth.length - real.length, is: "the artefacts" },
          { value: distinct(real, (row) => row.sourceId), is: "real sources; several alerts may come from one" },
        ];
      },
    },
    {
      id: "1.6",
      title: "a filter for variable stars",
      hints: [
        "What varies was seen before: how long is a.history?",
        "A star that is subtracted badly has a history as well; the scores in the table of section 3.1 tell them apart.",
        "Join two conditions by &&: five earlier detections or more, and drb of 0.6 or more.",
      ],
      solution: "const mine = (a: Alert) => a.history.length >= 5 && a.packet.candidate.drb >= 0.6;",
      lacks: filterGoal({ purity: 0.6, completeness: 0.9 }),
    },
  ],
};
