import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { type BootcampError, messageOf } from "../errors";

/** Something that could not be read or decided, and why. */
export interface Failure {
  /** File, or `topic[partition]@offset`. */
  readonly where: string;
  readonly error: BootcampError | Error;
}

/** How many failures are kept whole; beyond that only their number is. */
const keptFailures = 100;

/**
 * The books of one run: read = selected + rejected + failed, once the run is over.
 *
 * `read` counts what came from the source, `rejected` what a filter turned away, `selected` what reached the end,
 * `failed` what could not be decoded or made a filter throw.
 * @example
 * const stream = simulateNight({ seed: 7 }).alerts();
 * await stream.toArray();
 * stream.ledger.read; // 500
 */
export class Ledger {
  read = 0;
  selected = 0;
  rejected = 0;
  failed = 0;
  /** False while the reader still works on the item it was given last; a source commits it only when true. */
  settled = true;
  readonly failures: Failure[] = [];
  private readonly listeners: ((failure: Failure) => void)[] = [];

  /** Enters a failure; the first hundred are kept with their reason. */
  fail(where: string, error: unknown): void {
    this.failed++;
    const failure = { where, error: error instanceof Error ? error : new Error(messageOf(error)) };
    if (this.failures.length < keptFailures) this.failures.push(failure);
    for (const listener of this.listeners) listener(failure);
  }

  /** The same of an item that was handed out already, when one of its fields turns out not to be readable. */
  failSelected(where: string, error: unknown): void {
    this.selected--;
    this.fail(where, error);
  }

  /** Calls `listener` for every failure from now on. */
  onFailure(listener: (failure: Failure) => void): void {
    this.listeners.push(listener);
  }

  /** What is in hand: read, and neither selected nor rejected nor failed. 0 after a complete run. */
  get pending(): number {
    return this.read - this.selected - this.rejected - this.failed;
  }

  toString(): string {
    const rest = this.pending ? `, pending ${this.pending}` : "";
    return `read ${this.read} = selected ${this.selected} + rejected ${this.rejected} + failed ${this.failed}${rest}`;
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return displayOf("ledger", this);
  }
}
