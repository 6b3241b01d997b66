import type { AlertView } from "../alert/types";
import type * as comparing from "./compare";
import { cut as makeCut } from "./cut";
import type * as explanation from "./explanation";
import type * as steps from "./funnel";
import * as members from "./members";
import type * as problem from "./problem";
import type * as kilonova from "./ready/kilonova";
import type * as scoring from "./score";
import type * as types from "./types";
import type * as verdict from "./verdict";

type CutAndMembers = typeof makeCut & typeof members;
/** With a name of its own, messages of the compiler are one line. */
export interface CutRoom extends CutAndMembers {}

/**
 * `cut("bright", …)` makes a cut; `cut.all`, `cut.funnel`, `cut.ready` … are what one does with cuts.
 * @example
 * const clean = cut.all(cut("real", "packet.candidate.rb", { min: 0.65 }), cut("bright", (a) => a.mag < 16));
 */
export const cut: CutRoom = Object.assign(makeCut, members);

/** Types for annotations: `cut.Cut`, `cut.Funnel` … */
export declare namespace cut {
  /** A named test of alerts, as {@link cut} makes it. */
  export type Cut<A = AlertView> = types.Cut<A>;
  /** What stands for a cut: one, or a plain function. */
  export type CutLike<A = AlertView> = types.CutLike<A>;
  /** The limits of a cut; several must hold together. */
  export type CutLimits = types.CutLimits;
  /** What a cut says of itself. */
  export type CutNotes = types.CutNotes;
  /** What a cut reads of an alert: a function, or the name of a field. */
  export type CutValue = types.CutValue;
  /** Alerts in a list, a night or a stream. */
  export type Alerts<A = AlertView> = types.Alerts<A>;
  /** What a cut says of an alert: passed, failed or missing. */
  export type Verdict = verdict.Verdict;
  /** Why an alert passed or not, part by part. */
  export type Explanation = explanation.Explanation;
  /** What two cuts choose, and what one chooses alone. */
  export type Comparison<A = AlertView> = comparing.Comparison<A>;
  /** The host galaxy of a kilonova candidate. */
  export type KilonovaHost = kilonova.KilonovaHost;
  /** What each part of a cut leaves. */
  export type Funnel = steps.Funnel;
  /** One step of a funnel. */
  export type FunnelRow = steps.FunnelRow;
  /** Purity and completeness of a cut against the truth. */
  export type Score = scoring.Score;
  /** An alert that a cut could not decide. */
  export type SelectionProblem = problem.SelectionProblem;
}
