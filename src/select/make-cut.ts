import { BootcampError, describeValue } from "../errors";
import { explain } from "./explain";
import { selectionError } from "./problem";
import type { Cut } from "./types";
import type { Verdict } from "./verdict";

/** What a kind of cut has to define; everything else follows. */
export type CutRecipe<A> = Named<A> & (ValueRecipe<A> | VerdictRecipe<A>);

interface Named<A> {
  label: string;
  kind: Cut<A>["kind"];
  threshold: string;
  source?: string;
  parts?: readonly Cut<A>[];
  stateful?: boolean;
}

/** A cut on one value of the alert. */
interface ValueRecipe<A> {
  read: (alert: A) => any;
  judge: (value: any) => Verdict;
}

/** A cut made of parts, or one that counts; `peek` says what the verdict would be, without counting. */
interface VerdictRecipe<A> {
  verdict: (alert: A) => Verdict;
  peek?: (alert: A) => { verdict: Verdict; value: unknown };
}

/** The recipes of cuts on one value, for what is made of many of them. */
const valueRecipes = new WeakMap<object, ValueRecipe<any>>();
export const valueRecipeOf = (cut: Cut<any>): ValueRecipe<any> | undefined => valueRecipes.get(cut);

/**
 * Builds the function with its properties. Whatever the recipe throws comes out as a SELECTION error that names the cut
 * and the alert.
 */
export function makeCut<A>(recipe: CutRecipe<A>): Cut<A> {
  const { label } = recipe;
  const guard =
    <T>(work: (alert: A) => T) =>
    (alert: A): T => {
      try {
        return work(alert);
      } catch (error) {
        throw selectionError(label, alert, error);
      }
    };
  // Asking a cap for its verdict counts the alert; `explain` asks without counting.
  const untouched = (alert: A): Verdict => {
    const outcome = made.stateful ? made.explain(alert).verdict : verdict(alert);
    return outcome === "error" ? "failed" : outcome;
  };
  let verdict: (alert: A) => Verdict;
  let peek = (alert: A): { verdict: Verdict; value: unknown } => ({ verdict: untouched(alert), value: undefined });
  if ("read" in recipe) {
    const { read, judge } = recipe;
    verdict = (alert) => {
      // not by `guard`: a hundred filters of two cuts each save two calls an alert, a third of their time
      try {
        return judge(read(alert));
      } catch (error) {
        throw selectionError(label, alert, error);
      }
    };
    peek = (alert) => {
      const value = read(alert);
      return { verdict: judge(value), value };
    };
  } else {
    // what a part throws names the part already
    verdict = recipe.parts ? recipe.verdict : guard(recipe.verdict);
    peek = recipe.peek ?? peek;
  }
  const test = (alert: A): boolean => verdict(alert) === "passed";
  const made: Cut<A> = Object.assign(test, {
    label: recipe.label,
    kind: recipe.kind,
    threshold: recipe.threshold,
    source: recipe.source ?? "",
    parts: recipe.parts ?? [],
    stateful: recipe.stateful ?? recipe.parts?.some((part) => part.stateful) ?? false,
    verdict,
    peek: guard(peek),
    explain: (alert: A) => explain(alert, made),
  }) as Cut<A>;
  if ("read" in recipe) valueRecipes.set(made, recipe);
  // Stack traces and loggers show Function.name, which plain assignment cannot change.
  return Object.defineProperty(made, "name", { value: recipe.label });
}

/** True for what {@link makeCut} built. */
export function isCut(test: unknown): test is Cut<any> {
  return typeof test === "function" && typeof (test as Partial<Cut>).verdict === "function";
}

/** Verdict of a predicate's answer: null and undefined mean missing; anything but a boolean is a mistake in the cut. */
export function verdictOf(answer: unknown): Verdict {
  if (answer === null || answer === undefined) return "missing";
  if (typeof answer === "boolean") return answer ? "passed" : "failed";
  throw new BootcampError("USAGE", `Expected true or false from the test, got ${describeValue(answer)}`, {
    remedy:
      answer instanceof Promise
        ? "a cut cannot wait; work it out before, with .map(async …) of the stream"
        : "give limits as third argument, for example { min: 0.65 }",
  });
}
