import type { Alert } from "../alert/alert";
import type * as kafka from "../kafka";
import { capPerVisit } from "../select/cap";
import { all } from "../select/combine";
import { Funnel, type FunnelRow, funnel } from "../select/funnel";
import type { Cut } from "../select/types";
import { printText } from "../terminal";

/** What every cut of each filter leaves, summed up while a dry run reads its topic. */
export class Funnels {
  private readonly cuts: readonly Cut<Alert>[];
  private readonly sums = new Map<number, Funnel>();

  /** @param places how many alerts of a visit pass each filter; Infinity for no cap */
  constructor(
    private readonly filters: readonly kafka.AlertFilter[],
    places = 20,
  ) {
    this.cuts = filters.map(({ name, accepts }) => {
      // a cut shows its parts; a plain function is one step
      return Number.isFinite(places) ? all(name, accepts, capPerVisit(places)) : all(name, accepts);
    });
  }

  /** @param answered names of the filters that have decided these alerts: another may loop on one of them for ever */
  async add(alerts: readonly Alert[], answered: ReadonlySet<string>): Promise<void> {
    for (const [n, cut] of this.cuts.entries()) {
      if (!answered.has(this.filters[n]!.name)) continue;
      this.sums.set(n, sum(this.sums.get(n), await funnel(alerts, cut)));
    }
  }

  /** One table for each filter that decided anything. */
  print(): void {
    for (const [n, { name }] of this.filters.entries()) {
      const found = this.sums.get(n);
      if (found) printText(`${name}\n${found}\n`);
    }
  }
}

function sum(before: Funnel | undefined, part: Funnel): Funnel {
  if (!before) return part;
  const more = [...part.rows];
  const rows = [...before.rows].map((row, n): FunnelRow => {
    const { passed, rejected, missing, failed } = more[n]!;
    return {
      ...row,
      passed: row.passed + passed,
      rejected: row.rejected + rejected,
      missing: row.missing + missing,
      failed: row.failed + failed,
    };
  });
  return new Funnel(before.total + part.total, rows, [...before.problems, ...part.problems].slice(0, 20));
}
