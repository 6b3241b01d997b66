import type { Part } from "./exercise";

/** Exercises of `4_crossmatch_classify`. */
export const part4: Part = {
  part: 4,
  title: "Crossmatch and classify",
  exercises: [
    {
      id: "4.1",
      title: "alerts with a catalogue source within 1.5″",
      hints: [
        "crossmatch(catalogue, { radiusArcsec }) is a function of one alert.",
        "It adds match, which is null when nothing is there.",
        "Count the alerts whose match is not null.",
      ],
      solution: `const matched = night.map(crossmatch(catalogue, { radiusArcsec: 1.5 }));
const found = matched.filter((a) => a.match !== null).length;`,
    },
    {
      id: "4.2",
      title: "what most of the matched alerts are",
      hints: [
        "The matched row of the catalogue holds the class.",
        "Count the classes in a Map: its get() may be undefined the first time.",
        "Sort its entries by count and take the first.",
      ],
      solution: `const counts = new Map<string, number>();
for (const a of matched) if (a.match) counts.set(a.match.class, (counts.get(a.match.class) ?? 0) + 1);
const commonest = [...counts].sort((x, y) => y[1] - x[1])[0]![0];`,
    },
  ],
};
