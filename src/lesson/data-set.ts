import { usageError } from "../errors";

/** Header of every published message that says what data it belongs to: "simulated-7", "file". */
export const SOURCE_HEADER = "bootcamp-source";

/** Stands for an expected value that is not known for the data at hand; `check` then only shows the value. */
export const unknownAnswer = Symbol("no answer is known for these data");

interface Published {
  origin?: { kind?: string; headers?: Readonly<Record<string, Buffer>> };
}

let chosen: string | undefined;

/**
 * Says which data the lesson runs on, so that {@link expectedIn} picks the right answer.
 *
 * @param source a name, or an alert of the stream, whose `bootcamp-source` header names it
 * @returns the name
 * @example
 * useDataSet(night[0]!); // "simulated-7"
 */
export function useDataSet(source: string | Published): string {
  chosen = typeof source === "string" ? source : dataSetOf(source);
  return chosen;
}

/** The name of the data: what {@link useDataSet} said, else `BOOTCAMP_DATA_SET`, else "unknown". */
export function dataSetName(): string {
  return chosen ?? process.env["BOOTCAMP_DATA_SET"] ?? "unknown";
}

function dataSetOf(alert: Published): string {
  const header = alert?.origin?.headers?.[SOURCE_HEADER];
  return header === undefined ? (process.env["BOOTCAMP_DATA_SET"] ?? alert?.origin?.kind ?? "unknown") : String(header);
}

/**
 * The answer that belongs to the data: the entry of exactly that name, else the longest one that the name starts with
 * ("simulated" for "simulated-7"). Without one the answer is unknown, and `check` shows the value without judging it.
 *
 * @param answers expected value per data set
 * @param dataSet default: {@link dataSetName}
 * @throws USAGE without answers
 * @example
 * check("3.1 bright alerts", expectedIn({ "simulated-7": 37, ztf: 39 }), () => bright.length);
 */
export function expectedIn<T>(answers: Readonly<Record<string, T>>, dataSet = dataSetName()): T | typeof unknownAnswer {
  const names = Object.keys(answers);
  if (names.length === 0) throw usageError("an answer for at least one data set", "none");
  const best = names
    .filter((name) => dataSet === name || dataSet.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
  return best === undefined ? unknownAnswer : answers[best]!;
}
