import type { AlertView } from "../alert/types";
import { usageError } from "../errors";
import { makeCut } from "./make-cut";
import { identityOf } from "./problem";
import type { Cut } from "./types";
import type { Verdict } from "./verdict";

/** A cap with its counts. */
export interface VisitCap<A = AlertView> extends Cut<A> {
  /** Alerts dropped so far, over all visits. */
  readonly dropped: number;
  /** Counts of the visits still remembered, in the order in which they were last seen. */
  visits(): { visitId: string; passed: number; dropped: number }[];
  /** Forgets everything counted. */
  reset(): void;
}

/** Visits remembered at a time: a night of Rubin has about a thousand, so two of them may overlap ten times over. */
const VISITS_KEPT = 10_000;

/**
 * Lets at most `alertsPerVisit` alerts of one visit pass, first come first served.
 *
 * Counted by visit, not by "the visit seen last", so visits may arrive interleaved. An alert that passed passes again when
 * it comes again (a repeated delivery, a stream iterated twice) and takes one place only. Place it last in `all`, so that
 * it counts what the other cuts left. Memory: `alertsPerVisit` keys for each of the last 10,000 visits.
 *
 * @param alertsPerVisit places per visit, a whole number of at least 1
 * @param visitOf the visit of an alert; `visitId` by default. Without one the alert is "missing" and does not pass.
 * @throws USAGE for a cap that is not a whole number ≥ 1
 * @example
 * const cap = cut.capPerVisit(20);
 * await stream.filter(cut.all(clean, cap)).toArray(); console.log(cap.dropped);
 */
export function capPerVisit<A = AlertView>(
  alertsPerVisit: number,
  visitOf: (alert: A) => string | null | undefined = (alert) => (alert as AlertView).visitId,
): VisitCap<A> {
  if (!Number.isInteger(alertsPerVisit) || alertsPerVisit < 1) {
    throw usageError("a whole number of alerts per visit, at least 1", alertsPerVisit);
  }
  const visits = new Map<string, { passed: Set<string>; dropped: number }>();
  let dropped = 0;

  const verdict = (alert: A): Verdict => {
    const id = visitOf(alert);
    if (!id) return "missing";
    const visit = visits.get(id) ?? { passed: new Set<string>(), dropped: 0 };
    visits.delete(id);
    visits.set(id, visit);
    if (visits.size > VISITS_KEPT) visits.delete(visits.keys().next().value!);
    const key = identityOf(alert);
    if (visit.passed.has(key)) return "passed";
    if (visit.passed.size < alertsPerVisit) {
      visit.passed.add(key);
      return "passed";
    }
    visit.dropped++;
    dropped++;
    return "failed";
  };

  const peek = (alert: A): { verdict: Verdict; value: unknown } => {
    const id = visitOf(alert);
    if (!id) return { verdict: "missing", value: null };
    const passed = visits.get(id)?.passed;
    const used = passed?.size ?? 0;
    const free = used < alertsPerVisit || passed?.has(identityOf(alert));
    return { verdict: free ? "passed" : "failed", value: `${used} used` };
  };

  const made = makeCut<A>({
    label: `${alertsPerVisit} per visit`,
    kind: "cap",
    threshold: `≤ ${alertsPerVisit} per visit`,
    stateful: true,
    verdict,
    peek,
  });
  const counts = {
    visits: () => [...visits].map(([visitId, v]) => ({ visitId, passed: v.passed.size, dropped: v.dropped })),
    reset: () => {
      visits.clear();
      dropped = 0;
    },
  };
  Object.defineProperty(made, "dropped", { get: () => dropped, enumerable: true });
  return Object.assign(made, counts) as VisitCap<A>;
}
