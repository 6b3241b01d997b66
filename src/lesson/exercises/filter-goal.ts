/** Of `cut.score`. */
interface Score {
  readonly alerts: number;
  readonly purity: number;
  readonly completeness: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly failed: number;
  readonly classes: readonly {
    readonly class: string;
    readonly wanted: boolean;
    readonly alerts: number;
    readonly selected: number;
  }[];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * The goal of an open exercise: a filter with at least this purity and completeness, given as the score of it.
 *
 * @param goal shares from 0 to 1
 * @returns what a score lacks: the two numbers, and the class that stands most in the way
 * @example
 * lacks: filterGoal({ purity: 0.9, completeness: 0.9 })
 */
export function filterGoal(goal: { purity: number; completeness: number }): (score: Score) => string | undefined {
  const wanted = `${percent(goal.purity)} and ${percent(goal.completeness)} are asked for`;
  return (score) => {
    if (typeof score?.purity !== "number") return "no score: hand over await cut.score(…)";
    const selected = score.truePositives + score.falsePositives;
    if (score.failed > 0) return `the filter failed on ${score.failed} of ${score.alerts} alerts`;
    if (selected === 0) return "nothing is selected";
    if (score.purity >= goal.purity && score.completeness >= goal.completeness) return undefined;
    const reached = `purity ${percent(score.purity)}, completeness ${percent(score.completeness)}; ${wanted}`;
    return `${reached}. ${worst(score, score.purity / goal.purity < score.completeness / goal.completeness)}`;
  };
}

/** The class that spoils purity, or of which most is missed. */
function worst({ classes }: Score, ofPurity: boolean): string {
  const rows = classes
    .filter(({ wanted }) => wanted !== ofPurity)
    .map((row) => ({ name: row.class, count: ofPurity ? row.selected : row.alerts - row.selected }));
  const { name, count } = rows.reduce((a, b) => (b.count > a.count ? b : a), { name: "none", count: 0 });
  return ofPurity ? `Most in the way: ${name}, ${count} selected` : `Most missed: ${name}, ${count} alerts`;
}
