import { expectArgument } from "../expect";
import type { AlertView, Visit } from "./types";

/**
 * Gathers alerts into visits: one visit per exposure (`visitId`: exposure time and field), visits in the order of
 * observation, alerts of a visit in the order they came.
 *
 * Holds all alerts in memory until the source ends, since the earliest visit may come last; for a night on disk use
 * `files.readVisits`, which holds one visit at a time.
 *
 * @param alerts alerts in any order
 * @example
 * for await (const visit of groupByVisit(readAlerts("data"))) console.log(visit.mjdUtc, visit.alerts.length);
 */
export async function* groupByVisit<A extends AlertView>(
  alerts: AsyncIterable<A> | Iterable<A>,
): AsyncGenerator<Visit<A>> {
  expectArgument("rows", alerts, "alerts in a list or a stream");
  const visits = new Map<string, { id: string; mjdUtc: number; field: Visit["field"]; alerts: A[] }>();
  for await (const alert of alerts) {
    expectArgument("object", alert, "an alert");
    const id = alert.visitId;
    const visit = visits.get(id);
    if (visit) visit.alerts.push(alert);
    else visits.set(id, { id, mjdUtc: alert.mjdUtc, field: alert.field, alerts: [alert] });
  }
  const sorted = [...visits.values()].sort((a, b) => compareTimes(a.mjdUtc, b.mjdUtc));
  for (const visit of sorted) yield { ...visit, of: sorted.length };
}

/** Orders observation times; an unknown time comes last. */
export function compareTimes(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}
