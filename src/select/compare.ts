import { inspect } from "node:util";
import type { AlertView } from "../alert/types";
import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { toCut } from "./combine";
import { PROBLEMS_KEPT, problemOf, type SelectionProblem } from "./problem";
import { textTable } from "./table";
import type { Alerts, CutLike } from "./types";

/** One line of a comparison. */
export interface ComparisonRow {
  readonly alerts: string;
  readonly count: number;
  readonly "of all": string;
}

/** What two cuts chose of the same alerts. Shown in a notebook, it is a table with the cutouts of what one chose alone. */
export class Comparison<A = AlertView> {
  constructor(
    /** Names of the two cuts. */
    readonly names: readonly [first: string, second: string],
    readonly both: readonly A[],
    readonly onlyFirst: readonly A[],
    readonly onlySecond: readonly A[],
    /** Chosen by neither; counted and not kept. */
    readonly neither: number,
    /** Alerts on which a cut threw, which are in none of the others. */
    readonly failed: number,
    readonly problems: readonly SelectionProblem[],
  ) {}

  /** Alerts read. */
  get total(): number {
    return this.both.length + this.onlyFirst.length + this.onlySecond.length + this.neither + this.failed;
  }

  get rows(): ComparisonRow[] {
    const [first, second] = this.names;
    const row = (alerts: string, count: number): ComparisonRow => ({
      alerts,
      count,
      "of all": this.total > 0 ? `${((100 * count) / this.total).toFixed(1)} %` : "–",
    });
    return [
      row("both", this.both.length),
      row(`only ${first}`, this.onlyFirst.length),
      row(`only ${second}`, this.onlySecond.length),
      row("neither", this.neither),
      ...(this.failed > 0 ? [row("failed", this.failed)] : []),
    ];
  }

  toString(): string {
    return textTable(this.rows.map((row) => ({ ...row })));
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return displayOf("comparison", this);
  }
}

/**
 * What two filters choose of the same alerts: both, one only, or neither. Always
 * `total = both + onlyFirst + onlySecond + neither + failed`.
 *
 * @param first @param second cuts, or plain tests, which are called by their function names
 * @param alerts an array, a generator or an alert stream; what neither chose is not kept
 * @throws USAGE for what is no cut; ABORTED on the signal
 * @example
 * const found = await cut.compare(mine, yours, night); console.log(found); show(plot.comparison(found));
 */
export async function compare<A = AlertView>(
  first: CutLike<A>,
  second: CutLike<A>,
  alerts: Alerts<A>,
  options: { signal?: AbortSignal } = {},
): Promise<Comparison<A>> {
  expectArgument("function", first, "a cut");
  expectArgument("function", second, "a second cut");
  expectArgument("rows", alerts, "alerts in a list or a stream");
  const cuts = [toCut(first), toCut(second)] as const;
  const [both, onlyFirst, onlySecond]: A[][] = [[], [], []];
  const problems: SelectionProblem[] = [];
  let [neither, failed] = [0, 0];
  for await (const alert of alerts) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", "Comparing was stopped on request");
    const answers = cuts.map((cut) => {
      try {
        return cut(alert);
      } catch (error) {
        if (problems.length < PROBLEMS_KEPT) problems.push(problemOf(cut.label, alert, error));
        return undefined;
      }
    });
    if (answers.includes(undefined)) failed++;
    else if (answers[0] && answers[1]) both!.push(alert);
    else if (answers[0]) onlyFirst!.push(alert);
    else if (answers[1]) onlySecond!.push(alert);
    else neither++;
  }
  const names = cuts[0].label === cuts[1].label ? ["first", "second"] : cuts.map(({ label }) => label);
  return new Comparison(names as [string, string], both!, onlyFirst!, onlySecond!, neither, failed, problems);
}
