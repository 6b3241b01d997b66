import { inspect } from "node:util";
import type { AlertView } from "../alert/types";
import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";
import { LatencyBook, type SelectionLatency } from "./latency";
import { PROBLEMS_KEPT, problemOf, type SelectionProblem } from "./problem";
import { textTable } from "./table";
import type { Alerts } from "./types";

/** What is known about an alert. Rows of the simulator's truth table hold this and more; labels of one's own do as well. */
export interface TruthLabel {
  readonly alertId: bigint | string;
  readonly objectId: bigint | string;
  readonly class: string;
  readonly isReal: boolean;
}

/** What a filter made of one class. */
export interface ClassScore {
  readonly class: string;
  readonly wanted: boolean;
  readonly alerts: number;
  readonly selected: number;
  readonly objects: number;
  readonly objectsSelected: number;
}

/** How good a filter is, measured against truth. Logged, it is a table. */
export interface Score {
  /** Labelled alerts read, each counted once. */
  readonly alerts: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Wanted among the selected, 0 to 1; NaN when nothing was selected. */
  readonly purity: number;
  /** Selected among the wanted that were read, 0 to 1; NaN when none was wanted. */
  readonly completeness: number;
  readonly nights: number;
  readonly selectedPerNight: number;
  readonly latency: SelectionLatency;
  readonly classes: readonly ClassScore[];
  /** Alerts without a truth row; in no other count. */
  readonly unlabelled: number;
  /** Deliveries of an alert already counted. */
  readonly repeated: number;
  /** Truth rows whose alert never came. */
  readonly notRead: number;
  /** Alerts on which the filter threw; they count as not selected. */
  readonly failed: number;
  readonly problems: readonly SelectionProblem[];
}

/** Options of {@link score}. */
export interface ScoreOptions {
  /** What the filter is after: a class, several, or a test of the truth row. Default: everything real. */
  wanted?: string | readonly string[] | ((row: TruthLabel) => boolean);
  signal?: AbortSignal;
}

type Judged = Pick<AlertView, "alertId" | "objectId" | "mjdUtc">;

/** 18:00 UTC lies in daylight both at Palomar and on Cerro Pachón, so this cuts no night of ZTF or Rubin in two. */
const NIGHT_STARTS_AT_DAY_FRACTION = 0.75;

/**
 * Purity, completeness, alerts per night and time to first selection of a filter, against known truth.
 *
 * @param filter the filter under test; a cut or any test of the alert
 * @param truth truth rows by alert id, or in a Map under it
 * @param alerts the alerts to judge, in any order
 * @throws USAGE when truth is empty; ABORTED on the signal
 * @example
 * const { truth } = simulateNight({ seed: 7 });
 * console.log(await cut.score(myFilter, truth, night, { wanted: ["SN Ia", "SN II"] }));
 */
export async function score<A extends Judged = AlertView>(
  filter: (alert: A) => boolean | Promise<boolean>,
  truth: Iterable<TruthLabel> | ReadonlyMap<unknown, TruthLabel>,
  alerts: Alerts<A>,
  options: ScoreOptions = {},
): Promise<Score> {
  expectArgument("function", filter, "a cut or function of an alert");
  expectArgument("rows", truth, "the truth: rows with alertId and isReal");
  expectArgument("rows", alerts, "alerts in a list or a stream");
  const rows = truth instanceof Map ? truth.values() : (truth as Iterable<TruthLabel>);
  const known = new Map([...rows].map((row) => [String(row.alertId), row]));
  if (known.size === 0) throw usageError("at least one truth row", "none");
  const isWanted = wantedTest(options.wanted);
  const seen = new Set<string>();
  const nights = new Set<number>();
  const classes = new Map<string, ReturnType<typeof newClass>>();
  const latency = new LatencyBook();
  const problems: SelectionProblem[] = [];
  const count = { tp: 0, fp: 0, fn: 0, tn: 0, unlabelled: 0, repeated: 0, failed: 0 };

  for await (const alert of alerts) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", `Stopped after ${seen.size} alerts`);
    const id = String(alert.alertId);
    const row = known.get(id);
    if (row === undefined) {
      count.unlabelled++;
      continue;
    }
    if (seen.has(id)) {
      count.repeated++;
      continue;
    }
    seen.add(id);
    if (!Number.isNaN(alert.mjdUtc)) nights.add(Math.floor(alert.mjdUtc - NIGHT_STARTS_AT_DAY_FRACTION));
    let selected = false;
    try {
      selected = (await filter(alert)) === true;
    } catch (error) {
      count.failed++;
      if (problems.length < PROBLEMS_KEPT) problems.push(problemOf(filter.name || "filter", alert, error));
    }
    const wanted = isWanted(row);
    count[wanted ? (selected ? "tp" : "fn") : selected ? "fp" : "tn"]++;
    const objectId = String(row.objectId);
    if (wanted) latency.add(objectId, alert.mjdUtc, selected);
    // a test of the truth may want some of a class only: then it has two lines
    const line = `${wanted} ${row.class}`;
    const tally = classes.get(line) ?? newClass(row.class, wanted);
    classes.set(line, tally);
    tally.alerts++;
    tally.objects.add(objectId);
    if (selected) {
      tally.selected++;
      tally.objectsSelected.add(objectId);
    }
  }

  const { tp, fp, fn, tn, ...rest } = count;
  return Object.assign(Object.create(scoreTable) as object, {
    alerts: seen.size,
    truePositives: tp,
    falsePositives: fp,
    falseNegatives: fn,
    trueNegatives: tn,
    purity: tp / (tp + fp),
    completeness: tp / (tp + fn),
    nights: nights.size,
    selectedPerNight: (tp + fp) / nights.size,
    latency: latency.summary(),
    classes: [...classes.values()]
      .map((c) => ({
        class: c.name,
        wanted: c.wanted,
        alerts: c.alerts,
        selected: c.selected,
        objects: c.objects.size,
        objectsSelected: c.objectsSelected.size,
      }))
      .sort((a, b) => Number(b.wanted) - Number(a.wanted) || b.alerts - a.alerts),
    notRead: known.size - seen.size,
    ...rest,
    problems,
  });
}

function newClass(name: string, wanted: boolean) {
  return { name, wanted, alerts: 0, selected: 0, objects: new Set<string>(), objectsSelected: new Set<string>() };
}

function wantedTest(wanted: ScoreOptions["wanted"]): (row: TruthLabel) => boolean {
  if (wanted === undefined) return (row) => row.isReal;
  if (typeof wanted === "function") return wanted;
  const names = typeof wanted === "string" ? [wanted] : wanted;
  return (row) => names.includes(row.class);
}

/** Prototype of a score: plain data that prints itself. */
const scoreTable = {
  toString(this: Score): string {
    const percent = (x: number) => (Number.isNaN(x) ? "–" : `${(100 * x).toFixed(1)} %`);
    const l = this.latency;
    const aside = [
      this.unlabelled && `${this.unlabelled} without truth`,
      this.repeated && `${this.repeated} repeated`,
      this.notRead && `${this.notRead} of the truth table not read`,
      this.failed && `${this.failed} on which the filter failed: ${this.problems[0]?.message.split("\n")[0]}`,
    ].filter(Boolean);
    return [
      `purity ${percent(this.purity)} (${this.truePositives} of ${this.truePositives + this.falsePositives} selected), ` +
        `completeness ${percent(this.completeness)} (${this.truePositives} of ${this.truePositives + this.falseNegatives} wanted)`,
      `${this.selectedPerNight.toFixed(1)} alerts per night over ${this.nights} nights; ${l.objectsSelected} of ${l.objects} objects, ` +
        `first selected after ${l.medianDays.toFixed(2)} d and ${l.medianDetections} alerts (median)`,
      ...(aside.length > 0 ? [printable(aside.join("; "))] : []),
      textTable(this.classes.map((c) => ({ ...c }))),
    ].join("\n");
  },
  [inspect.custom](this: Score): string {
    return this.toString();
  },
  [DISPLAY](this: Score): MimeBundle {
    return displayOf("score", this);
  },
};
