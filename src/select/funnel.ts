import { inspect } from "node:util";
import type { AlertView } from "../alert/types";
import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";
import { toCut } from "./combine";
import { PROBLEMS_KEPT, problemOf, type SelectionProblem } from "./problem";
import { textTable } from "./table";
import type { Alerts, Cut, CutLike } from "./types";

/** One step of a funnel. `passed + rejected + failed` is what the step before left. */
export interface FunnelRow {
  readonly name: string;
  readonly threshold: string;
  readonly passed: number;
  /** Turned down here, for its value or for want of one. */
  readonly rejected: number;
  /** Of the rejected: those that had no value. */
  readonly missing: number;
  /** Alerts on which the cut threw; they are in neither of the other counts. */
  readonly failed: number;
}

/** What every cut left of a set of alerts. Logged, it is a table; it can be iterated row by row. */
export class Funnel {
  constructor(
    /** Alerts read. */
    readonly total: number,
    readonly rows: readonly FunnelRow[],
    /** The first alerts on which a cut threw. */
    readonly problems: readonly SelectionProblem[],
  ) {}

  /** Alerts that passed every cut. */
  get selected(): number {
    return this.rows.at(-1)?.passed ?? this.total;
  }

  /** Alerts on which a cut threw. */
  get failed(): number {
    return this.rows.reduce((sum, row) => sum + row.failed, 0);
  }

  [Symbol.iterator](): Iterator<FunnelRow> {
    return this.rows[Symbol.iterator]();
  }

  toString(): string {
    const percent = (n: number) => (this.total > 0 ? `${((100 * n) / this.total).toFixed(1)} %` : "–");
    const table = textTable([
      { cut: "all alerts", threshold: "", passed: this.total, left: percent(this.total), rejected: 0, missing: 0 },
      ...this.rows.map((row) => ({
        cut: row.name,
        threshold: row.threshold,
        passed: row.passed,
        left: percent(row.passed),
        rejected: row.rejected,
        missing: row.missing,
      })),
    ]);
    const failed = this.failed;
    const problems = this.problems.map((p) =>
      printable(`  ${p.message.split("\n")[0]}${p.where ? ` (${p.where})` : ""}`),
    );
    return failed === 0 ? table : `${table}\n${failed} alerts on which a cut failed:\n${problems.join("\n")}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return displayOf("funnel", this);
  }
}

/** Options of {@link funnel}. */
export interface FunnelOptions {
  /** Stops the count with ABORTED. */
  signal?: AbortSignal;
  /** Throws at the first alert on which a cut throws, instead of counting it; default false. */
  strict?: boolean;
}

/**
 * How many alerts every cut lets through, each seeing only what the earlier ones left.
 *
 * The parts of `all` (also inside `all`) become one row each; `any` and `not` are one row. Always
 * `total = selected + rejected + failed`, summed over the rows.
 *
 * @param alerts an array, a generator or an alert stream
 * @throws ABORTED on the signal; SELECTION with `strict`
 * @example
 * console.log(await cut.funnel(subscribe("ztf-stream"), clean));
 */
export async function funnel<A = AlertView>(
  alerts: Alerts<A>,
  cut: CutLike<A>,
  options: FunnelOptions = {},
): Promise<Funnel> {
  expectArgument("rows", alerts, "alerts in a list or a stream");
  const steps = stepsOf(toCut(cut)).map((step) => ({ step, passed: 0, rejected: 0, missing: 0, failed: 0 }));
  const problems: SelectionProblem[] = [];
  let total = 0;
  for await (const alert of alerts) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", `Stopped after ${total} alerts`);
    total++;
    for (const count of steps) {
      try {
        const verdict = count.step.verdict(alert);
        if (verdict === "passed") {
          count.passed++;
          continue;
        }
        count.rejected++;
        if (verdict === "missing") count.missing++;
      } catch (error) {
        if (options.strict) throw error;
        count.failed++;
        if (problems.length < PROBLEMS_KEPT) problems.push(problemOf(count.step.label, alert, error));
      }
      break;
    }
  }
  const rows = steps.map(({ step, ...counts }) => ({ name: step.label, threshold: step.threshold, ...counts }));
  return new Funnel(total, rows, problems);
}

/** The cuts that an alert meets one after the other. */
function stepsOf<A>(cut: Cut<A>): Cut<A>[] {
  return cut.kind === "all" ? cut.parts.flatMap(stepsOf) : [cut];
}
