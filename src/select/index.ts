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

/** `cut("bright", …)` makes a cut; `cut.all`, `cut.funnel`, `cut.ready` … are what one does with cuts. */
export const cut: CutRoom = Object.assign(makeCut, members);

/** Types for annotations: `cut.Cut`, `cut.Funnel` … */
export declare namespace cut {
  export type Cut<A = AlertView> = types.Cut<A>;
  export type CutLike<A = AlertView> = types.CutLike<A>;
  export type CutLimits = types.CutLimits;
  export type CutNotes = types.CutNotes;
  export type CutValue = types.CutValue;
  export type Alerts<A = AlertView> = types.Alerts<A>;
  export type Verdict = verdict.Verdict;
  export type Explanation = explanation.Explanation;
  export type Comparison<A = AlertView> = comparing.Comparison<A>;
  export type KilonovaHost = kilonova.KilonovaHost;
  export type Funnel = steps.Funnel;
  export type FunnelRow = steps.FunnelRow;
  export type Score = scoring.Score;
  export type SelectionProblem = problem.SelectionProblem;
}
