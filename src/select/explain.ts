import { messageOf, usageError } from "../errors";
import { expectArgument } from "../expect";
import { Explanation, type ExplanationRow } from "./explanation";
import { idOf, placeOf } from "./problem";
import type { Cut } from "./types";
import type { Verdict } from "./verdict";

/**
 * Why an alert was or was not selected: every cut with its value, threshold and verdict, in the order tried.
 *
 * Values of cuts that were not reached are shown as well. Never throws for a cut that does, and leaves caps uncounted.
 *
 * @throws USAGE for what is no alert or no cut
 * @example
 * console.log(cut.explain(alert, clean));
 */
export function explain<A>(alert: A, cut: Cut<A>): Explanation {
  if (typeof (cut as Partial<Cut<A>> | undefined)?.verdict !== "function") {
    const isSwapped = typeof (alert as Partial<Cut<A>> | null)?.verdict === "function";
    throw usageError(
      "a cut as second argument",
      cut,
      isSwapped ? "the alert comes first: cut.explain(alert, cut)" : 'make one with cut("name", …)',
    );
  }
  expectArgument("object", alert, "an alert");
  const rows: ExplanationRow[] = [];
  const outermost = cut.kind === "all" ? cut.parts : [cut];
  const outcome = inOrder(alert, outermost, "all", 0, true, rows);
  return new Explanation(idOf(alert), placeOf(alert), outcome, rows);
}

type Outcome = Verdict | "error";

/** Adds the rows of `parts`; the result is their joint outcome. */
function inOrder<A>(
  alert: A,
  parts: readonly Cut<A>[],
  kind: Cut["kind"],
  depth: number,
  reached: boolean,
  rows: ExplanationRow[],
): Outcome {
  const seen: Outcome[] = [];
  let open = reached;
  for (const part of parts) {
    // As in `all`: what lacks a value is out already and must not take a place of a cap.
    const skipped = kind === "all" && part.stateful && seen.includes("missing");
    const outcome = one(alert, part, depth, open && !skipped, rows);
    if (!open || skipped) continue;
    seen.push(outcome);
    open = outcome !== "error" && outcome !== (kind === "any" ? "passed" : "failed");
  }
  return combine(kind, seen);
}

/** Three-valued logic over what was tried; an error decides. */
function combine(kind: Cut["kind"], seen: readonly Outcome[]): Outcome {
  const order: Outcome[] =
    kind === "any" ? ["error", "passed", "missing", "failed"] : ["error", "failed", "missing", "passed"];
  const joint = order.find((outcome) => seen.includes(outcome)) ?? (kind === "any" ? "failed" : "passed");
  if (kind !== "not") return joint;
  return joint === "passed" ? "failed" : joint === "failed" ? "passed" : joint;
}

function one<A>(alert: A, part: Cut<A>, depth: number, reached: boolean, rows: ExplanationRow[]): Outcome {
  if (part.kind === "all" && depth === 0) return inOrder(alert, part.parts, "all", depth, reached, rows);
  const shown = { name: part.label, threshold: part.threshold, depth };
  if (part.parts.length > 0) {
    const inner: ExplanationRow[] = [];
    const outcome = inOrder(alert, part.parts, part.kind, depth + 1, reached, inner);
    rows.push({ ...shown, value: undefined, verdict: reached ? outcome : "not reached" }, ...inner);
    return outcome;
  }
  try {
    const { verdict, value } = part.peek(alert);
    rows.push({ ...shown, value, verdict: reached ? verdict : "not reached" });
    return verdict;
  } catch (error) {
    const cause = (error as Error).cause ?? error;
    rows.push({ ...shown, value: messageOf(cause), verdict: reached ? "error" : "not reached" });
    return "error";
  }
}
