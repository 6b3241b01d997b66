import type { AlertView } from "../alert/types";
import type { Explanation } from "./explanation";
import type { Verdict } from "./verdict";

/** What a value cut may compare. Null, undefined and NaN count as missing. */
export type CutValue = number | bigint | string | boolean | null | undefined;

/** Limits of a value cut; several must hold together. */
export interface CutLimits {
  /** Passes when value ≥ min. */
  min?: number | bigint;
  /** Passes when value ≤ max. */
  max?: number | bigint;
  /** Passes when value > above. */
  above?: number | bigint;
  /** Passes when value < below. */
  below?: number | bigint;
  /** Passes when the value equals this one; numbers and bigint compare by value. */
  equals?: number | bigint | string | boolean;
  /** Passes when the value equals one of these. */
  oneOf?: readonly (number | bigint | string | boolean)[];
}

/** What a cut says about itself. */
export interface CutNotes {
  /** Text for the threshold column, when the limits do not say it all. */
  threshold?: string;
  /** Where the cut was published. */
  source?: string;
}

/**
 * A named test of an alert: a plain function that also knows its threshold and can explain itself.
 *
 * A missing value passes neither the cut nor its `not`: what was not measured decides nothing (the rule of NULL in SQL).
 */
export interface Cut<A = AlertView> {
  (alert: A): boolean;
  readonly label: string;
  readonly kind: "value" | "predicate" | "all" | "any" | "not" | "cap";
  /** The limits as text: "≥ 0.65". */
  readonly threshold: string;
  /** Where the cut was published; "" for one's own. */
  readonly source: string;
  /** The cuts it is made of; empty for a single one. */
  readonly parts: readonly Cut<A>[];
  /** True when the answer depends on the alerts seen before (a cap). */
  readonly stateful: boolean;
  verdict(alert: A): Verdict;
  /** What the verdict would be, and the value it rests on, leaving any state untouched. */
  peek(alert: A): { verdict: Verdict; value: unknown };
  explain(alert: A): Explanation;
}

/** A cut, or a plain test that is taken as one under its function name. */
export type CutLike<A> = Cut<A> | ((alert: A) => boolean | null | undefined);

/** Alerts from anywhere: an array, a generator, an alert stream. */
export type Alerts<A> = Iterable<A> | AsyncIterable<A>;
