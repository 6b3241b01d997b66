import { BootcampError, isBootcampError, messageOf } from "../errors";
import { placeText } from "../stream/place";

/** An alert on which a cut threw. */
export interface SelectionProblem {
  readonly name: string;
  readonly alertId: string;
  readonly where: string;
  readonly message: string;
}

/** How many problems a report keeps; the rest are only counted. */
export const PROBLEMS_KEPT = 20;

/** Error of a cut that threw: names the cut, the alert and its place, and keeps the cause. */
export function selectionError(name: string, alert: unknown, cause: unknown): BootcampError {
  if (isBootcampError(cause, "SELECTION") || isBootcampError(cause, "NO_FIELD")) return cause;
  const where = placeOf(alert);
  return new BootcampError("SELECTION", `Cut "${name}" failed on alert ${idOf(alert)}: ${messageOf(cause)}`, {
    cause,
    remedy: "a field may be absent in this survey or schema version; guard it with ?. so that it counts as missing",
    ...(where ? { where } : {}),
  });
}

/** The same as a plain row for a report. */
export function problemOf(name: string, alert: unknown, error: unknown): SelectionProblem {
  return { name, alertId: idOf(alert), where: placeOf(alert), message: messageOf(error) };
}

interface Identified {
  alertId?: unknown;
  objectId?: unknown;
  mjdUtc?: unknown;
  origin?: { kind?: string; path?: string; record?: number; topic?: string; partition?: number; offset?: bigint };
}

export function idOf(alert: unknown): string {
  return String((alert as Identified | null | undefined)?.alertId ?? "without id");
}

/** File and record, or topic, partition and offset; "" when the alert does not say. */
export function placeOf(alert: unknown): string {
  const origin = (alert as Identified | null | undefined)?.origin;
  if (origin?.kind === "kafka") return placeText(String(origin.topic), Number(origin.partition), String(origin.offset));
  if (origin?.kind === "file") return `${origin.path}#${origin.record}`;
  return "";
}

/** What tells one alert from another: its place where it has one, else its ids; `alertId` alone repeats in some streams. */
export function identityOf(alert: unknown): string {
  const { alertId, objectId, mjdUtc } = (alert ?? {}) as Identified;
  return `${placeOf(alert)}|${alertId}|${objectId}|${mjdUtc}`;
}
