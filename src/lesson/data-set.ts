import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";
import { countRemark, knownDataSet, recognise } from "./known-data-sets";

/**
 * Header of every published message that says what data it belongs to: "simulated-7" for a simulated night and its seed,
 * else the name of the folder the files came from ("ztf", "20181129").
 */
export const SOURCE_HEADER = "bootcamp-source";

/** Stands for an expected value that is not known for the data at hand; `check` then only shows the value. */
export const unknownAnswer = Symbol("no answer is known for these data");

/** What is looked at of an alert. */
export interface Published {
  alertId?: bigint | string | null;
  origin?: { kind?: string; headers?: Readonly<Record<string, Buffer | null>> };
}

let chosen: string | undefined;

/**
 * Says which data the lesson runs on, so that {@link expectedIn} picks the right answer.
 *
 * Given all alerts of a topic it also looks whether they are the whole set. When the stream is still running, or was sent
 * twice, it says so, and answers count as unknown.
 *
 * @param source a name, one alert of the stream, or all of them. The `bootcamp-source` header of the alerts names the data;
 * without it or with a name of one's own, their number and their first alertId tell
 * @returns the name
 * @example
 * lesson.useDataSet(night); // "simulated-7"
 */
export function useDataSet(source: string | Published | readonly Published[]): string {
  if (typeof source === "string") chosen = source;
  else if (Array.isArray(source)) {
    expectArgument("objects", source, "a name, an alert or a list of alerts");
    chosen = nameOfAll(source);
  } else chosen = nameOf(source as Published);
  return chosen;
}

/** The name of the data: what {@link useDataSet} said, else `BOOTCAMP_DATA_SET`, else "unknown". */
export function dataSetName(): string {
  return chosen ?? (process.env["BOOTCAMP_DATA_SET"] || "unknown");
}

function nameOf(alert: Published): string {
  const header = alert?.origin?.headers?.[SOURCE_HEADER];
  return header === undefined || header === null
    ? ((process.env["BOOTCAMP_DATA_SET"] || alert?.origin?.kind) ?? "unknown")
    : String(header);
}

function nameOfAll(alerts: readonly Published[]): string {
  if (alerts.length === 0) throw usageError("the alerts of a topic", "none");
  const headers = new Set(alerts.map((alert) => String(alert.origin?.headers?.[SOURCE_HEADER] ?? "unnamed")));
  if (headers.size > 1) {
    const sets = printable([...headers].join(", "), 300);
    console.log(`The topic holds alerts of several data sets: ${sets}. Answers are known for one alone.`);
    return "several data sets";
  }
  const name = nameOf(alerts[0]!);
  // a name that is not known may be that of a folder someone renamed
  const known = knownDataSet(name) ?? recognise(alerts);
  if (known === undefined) return name;
  if (known.alerts === alerts.length) return known.name;
  console.log(printable(countRemark(known, alerts.length)));
  return alerts.length < known.alerts ? `part of ${name}` : `more than ${name}`;
}

/**
 * The answer that belongs to the data: the entry of exactly that name, else the longest one that the name starts with
 * ("simulated" for "simulated-7"). Without one the answer is unknown, and `check` shows the value without judging it.
 *
 * @param answers expected value per data set
 * @param dataSet default: {@link dataSetName}
 * @throws USAGE without answers
 * @example
 * check("3.1 bright alerts", lesson.expectedIn({ "simulated-7": 37, ztf: 39 }), () => bright.length);
 */
export function expectedIn<T>(answers: Readonly<Record<string, T>>, dataSet = dataSetName()): T | typeof unknownAnswer {
  expectArgument("object", answers, "answers by data set");
  const names = Object.keys(answers);
  if (names.length === 0) throw usageError("an answer for at least one data set", "none");
  const best = names
    .filter((name) => dataSet === name || dataSet.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
  return best === undefined ? unknownAnswer : answers[best]!;
}
