import type { AlertView } from "../alert/types";
import { usageError } from "../errors";
import { cut } from "./cut";
import { isCut, makeCut, valueRecipeOf } from "./make-cut";
import { selectionError } from "./problem";
import type { Cut, CutLike } from "./types";
import type { Verdict } from "./verdict";

/** Parts, with or without a name for the whole before them. */
type Named<Parts extends unknown[]> = Parts | [name: string, ...Parts];

/**
 * Passes when every part passes; parts are tried in order and the rest is not tried once one has failed.
 *
 * Failed beats missing, missing beats passed (three-valued logic, as AND in SQL), so the order never changes the answer.
 *
 * @param args cuts or plain tests; a leading text names the whole
 * @throws USAGE without parts
 * @example
 * const clean = cut.all(cut("real", a => a.realBogus, { min: 0.65 }), cut("round", a => a.packet.candidate.elong, { max: 1.2 }));
 */
export function all<A = AlertView>(...args: Named<CutLike<A>[]>): Cut<A> {
  const { name, parts } = read<A>("all", args);
  const steps = parts.map(stepOf);
  return makeCut<A>({
    label: name ?? listOf(parts, "and"),
    kind: "all",
    threshold: `all ${parts.length}`,
    parts,
    verdict: (alert) => {
      let result: Verdict = "passed";
      let step = steps[0]!;
      try {
        for (let n = 0; n < steps.length; n++) {
          step = steps[n]!;
          // A cap counts what reaches it: an alert already turned down for a missing value must not use up a place.
          if (result === "missing" && step.stateful) continue;
          const verdict = step.judge(step.read(alert));
          if (verdict === "failed") return "failed";
          if (verdict === "missing") result = "missing";
        }
      } catch (error) {
        throw selectionError(step.label, alert, error);
      }
      return result;
    },
  });
}

/** A part of `all` as it is tried: cuts on a value without their shell, which a hundred filters would pay for twice. */
function stepOf<A>(part: Cut<A>) {
  const { label, stateful } = part;
  const recipe = valueRecipeOf(part);
  return recipe
    ? { label, stateful, read: recipe.read, judge: recipe.judge }
    : { label, stateful, read: part.verdict, judge: asItIs };
}

const asItIs = (verdict: Verdict): Verdict => verdict;

/**
 * Passes when at least one part passes; the rest is then not tried.
 *
 * Passed beats missing, missing beats failed (as OR in SQL).
 *
 * @param args cuts or plain tests; a leading text names the whole
 * @throws USAGE without parts
 * @example
 * const rising = cut.any(cut("first", a => a.history.length === 0), cut("bright", a => a.mag, { below: 18 }));
 */
export function any<A = AlertView>(...args: Named<CutLike<A>[]>): Cut<A> {
  const { name, parts } = read<A>("any", args);
  return makeCut<A>({
    label: name ?? listOf(parts, "or"),
    kind: "any",
    threshold: `any of ${parts.length}`,
    parts,
    verdict: (alert) => {
      let result: Verdict = "failed";
      for (const part of parts) {
        const verdict = part.verdict(alert);
        if (verdict === "passed") return "passed";
        if (verdict === "missing") result = "missing";
      }
      return result;
    },
  });
}

/**
 * Passes when the cut fails. A missing value stays missing: `not` of it does not pass either.
 *
 * @throws USAGE for a cap, whose opposite means nothing
 * @example
 * const notRock = cut.not(cut.ready["boom-rock"]);
 */
export function not<A = AlertView>(...args: Named<[part: CutLike<A>]>): Cut<A> {
  const { name, parts } = read<A>("not", args);
  const inner = parts[0]!;
  if (parts.length !== 1) throw usageError("one cut for cut.not()", parts.length);
  if (inner.stateful) throw usageError("a cut without a cap in cut.not()", inner.label);
  return makeCut<A>({
    label: name ?? `not ${inner.label}`,
    kind: "not",
    threshold: inner.parts.length > 0 ? "not" : `not ${inner.threshold}`,
    parts,
    verdict: (alert) => {
      const verdict = inner.verdict(alert);
      return verdict === "missing" ? "missing" : verdict === "passed" ? "failed" : "passed";
    },
  });
}

function read<A>(what: string, args: readonly (string | CutLike<A>)[]) {
  const [first, ...rest] = args;
  const named = typeof first === "string";
  const parts = (named ? rest : args).map((part, i) => toCut(part as CutLike<A>, i));
  if (parts.length === 0) throw usageError(`at least one cut in cut.${what}()`, "none");
  return { name: named ? first : undefined, parts };
}

/** A cut as it is; a plain function under its own name, or its number. */
export function toCut<A>(part: CutLike<A>, index = 0): Cut<A> {
  if (isCut(part)) return part as Cut<A>;
  if (typeof part !== "function") throw usageError("a cut or a test of the alert", part);
  return cut<A>(part.name || `cut ${index + 1}`, part);
}

function listOf<A>(parts: readonly Cut<A>[], word: string): string {
  const text = parts.map((part) => part.label).join(` ${word} `);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
