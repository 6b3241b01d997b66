import type { Part } from "./exercise";

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
    },
    {
      id: "1.3",
      title: "how many different objects were seen",
      hints: ["Several alerts may come from one object: look at objectId.", "Count the different values, as in 1.2."],
      solution: "const objects = new Set(night.map((a) => a.objectId)).size;",
    },
    {
      id: "1.4",
      title: "the brightest alert",
      hints: ["Brighter means a smaller magnitude.", "Math.min takes many numbers: Math.min(...numbers)."],
      solution: "const brightest = Math.min(...night.map((a) => a.mag));",
    },
    {
      id: "1.5",
      title: "how many alerts are real",
      hints: ["The rows of simulated.truth are an array.", "filter(…) keeps those for which row.isReal holds."],
      solution: "const real = simulated.truth.filter((row) => row.isReal).length;",
    },
  ],
};
