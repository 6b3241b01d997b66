import { inspect } from "node:util";
import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { printable } from "../terminal";
import { showValue, textTable } from "./table";
import type { Verdict } from "./verdict";

/** One cut of an explanation, in the order in which cuts are tried. */
export interface ExplanationRow {
  readonly name: string;
  /** The value compared; undefined for cuts made of others. */
  readonly value: unknown;
  readonly threshold: string;
  /** "not reached": an earlier cut had already decided. "error": the cut threw. */
  readonly verdict: Verdict | "not reached" | "error";
  /** 0 for the parts of the outermost `all`, more inside `any` and `not`. */
  readonly depth: number;
}

/** Why one alert was selected or not. Logged, it is a table. */
export class Explanation {
  constructor(
    readonly alertId: string,
    readonly where: string,
    readonly verdict: Verdict | "error",
    readonly rows: readonly ExplanationRow[],
  ) {}

  get selected(): boolean {
    return this.verdict === "passed";
  }

  /** The cut that turned the alert down, or null. */
  get decidedBy(): ExplanationRow | null {
    return this.selected
      ? null
      : (this.rows.find((row) => row.depth === 0 && !["passed", "not reached"].includes(row.verdict)) ?? null);
  }

  toString(): string {
    const reason = this.decidedBy;
    const head = `alert ${this.alertId}${this.where ? ` (${this.where})` : ""}: ${
      this.selected ? "selected" : `rejected by "${reason?.name}" (${reason?.verdict})`
    }`;
    const table = textTable(
      this.rows.map((row) => ({
        cut: `${"  ".repeat(row.depth)}${row.name}`,
        value: showValue(row.value === undefined && row.threshold !== "" ? null : row.value),
        threshold: row.threshold,
        verdict: row.verdict,
      })),
    );
    return `${printable(head)}\n${table}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return displayOf("explanation", this);
  }
}
