import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { printable } from "../terminal";

/**
 * Header of every published message that says what data it belongs to: "simulated-7" for a simulated night and its seed,
 * else the name of the folder the files came from ("ztf", "20181129").
 */
export const SOURCE_HEADER = "bootcamp-source";

/** What is looked at of an alert. */
export interface Published {
  origin?: { kind?: string; headers?: Readonly<Record<string, Buffer | null>> };
}

let chosen: string | undefined;

/**
 * Says which data the lesson runs on, so that `lesson.catalog` finds the catalogue that belongs to them.
 *
 * @param source a name, one alert of the stream, or all of them. The `bootcamp-source` header of the alerts names the data
 * @returns the name; that of the first alert where there are several, which is said
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
    console.log(
      `The topic holds alerts of several data sets: ${sets}. One catalogue belongs to one of them: "npx alerts send … --fresh" empties the topic first.`,
    );
  }
  return nameOf(alerts[0]!);
}
