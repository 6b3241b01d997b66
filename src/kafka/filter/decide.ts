import type { Alert } from "../../alert/alert";
import { BootcampError, usageError } from "../../errors";
import { deadLetter } from "../dead-letters/dead-letter";
import type { Message } from "../read/consume";
import type { Decoding } from "../read/decode-message";
import { VisitPlaces } from "./cap";
import type { OutMessage } from "./headers";
import { openMessages, outputOf, type Unit } from "./open";
import type { PlannedFilter } from "./plan";
import { newOutcome, type Outcome, Round } from "./round";
import { Slowness } from "./slowness";
import { withinTime } from "./time-limit";

/** A chunk of messages of one partition, decided by the filters. */
export interface Decided {
  /** Alerts, and messages that hold none that could be read. */
  readonly read: number;
  readonly alerts: readonly Alert[];
  /** Messages that could not be decoded: one dead letter each, and dead for every filter. */
  readonly undecodable: readonly OutMessage[];
  /** One per filter, in their order; undefined for one that is left behind, or has decided these alerts before. */
  readonly outcomes: readonly (Outcome | undefined)[];
  /** Time spent in each filter, ms, and the alerts it was spent on. */
  readonly ms: readonly number[];
  readonly looked: readonly number[];
  /** Filters left behind, for which the alerts of this chunk wait. */
  readonly pending: ReadonlySet<number>;
  /** Filters left behind in this partition from this chunk on, and why. */
  readonly leaving: readonly { readonly filter: number; readonly why: string }[];
  /** Filters that did not answer to an alert of this chunk, a dead letter now. */
  readonly unanswered: ReadonlySet<number>;
  /** Gives back the places taken under the cap, when the transaction failed. */
  release(): void;
}

/** How long the deciding may go on without a sign of life to the broker. */
const sliceMs = 1000;
/** A filter that has not answered for so long never will. With a slice, less than the session of a member (6 s). */
const answerMs = 3000;

/** Who decides a chunk. */
export interface Turn {
  readonly turn?: ReadonlySet<number>;
  readonly absent?: ReadonlySet<number>;
}

/**
 * Decides alerts by all filters of a job: a few dozen alerts by the first filter, by the second, and so on, so that they
 * stay in the processor's cache and a look at the clock costs next to nothing per alert. The alerts keep what was decoded.
 *
 * JavaScript has one thread, so a slow filter makes the others wait. One that is slow for long is *left behind*: from here
 * on it decides nothing, and what it did of the chunk is thrown away. An endless loop is ended by force; the alert becomes
 * a dead letter, and the filter is left behind unless it is the only one.
 */
export class Decider {
  private readonly places: VisitPlaces;
  private readonly slowness: Slowness[];
  /** Filters left behind in any partition, with the reason. */
  private readonly left = new Map<number, string>();
  private readonly decoding: Decoding;
  private queue: Promise<unknown> = Promise.resolve();
  private breathed = performance.now();

  constructor(
    private readonly topic: string,
    private readonly filters: readonly PlannedFilter[],
    options: Decoding & { capPerVisit: number; slowMs: number },
  ) {
    this.places = new VisitPlaces(options.capPerVisit, filters.length);
    this.slowness = filters.map(() => new Slowness(options.slowMs));
    const { schema, form, registry } = options;
    this.decoding = { schema, form, registry };
  }

  /**
   * @param messages of one partition, in order
   * @param turn filters that have not decided them yet; default all
   * @param absent filters that were left behind in this partition before
   * @param breathe called every second or so of deciding: a heartbeat, or a turn for the rest of the process
   */
  decide(
    messages: readonly Message[],
    { turn = new Set(this.filters.keys()), absent = new Set() }: Turn,
    breathe: () => Promise<void>,
  ): Promise<Decided> {
    // one chunk after the other: slices of several partitions in a row would leave the broker without a sign of life
    const decided = this.queue.then(() => this.decideNow(messages, turn, absent, breathe));
    this.queue = decided.catch(() => {});
    return decided;
  }

  private async decideNow(
    messages: readonly Message[],
    turn: ReadonlySet<number>,
    absent: ReadonlySet<number>,
    breathe: () => Promise<void>,
  ): Promise<Decided> {
    const { units, undecodable } = openMessages(this.topic, messages, this.decoding);
    const isHere = (n: number) => turn.has(n) && !absent.has(n) && !this.left.has(n);
    const round = new Round(
      units,
      this.filters.map((_, n) => (isHere(n) ? newOutcome() : undefined)),
    );
    const { outcomes, ms, looked, unanswered } = round;
    const release = () => {
      for (const [n, outcome] of outcomes.entries()) if (outcome) this.giveBack(n, outcome);
    };
    try {
      while (round.next()) await this.slice(round, breathe);
    } catch (error) {
      release(); // no longer a member of the group, say
      throw error;
    }
    const pending = new Set([...turn].filter((n) => !outcomes[n]));
    const leaving = [...this.left].flatMap(([filter, why]) =>
      pending.has(filter) && !absent.has(filter) ? [{ filter, why }] : [],
    );
    const read = units.length + undecodable.length;
    const alerts = units.map(({ alert }) => alert);
    return { read, alerts, undecodable, outcomes, ms, looked, pending, leaving, unanswered, release };
  }

  private async slice(round: Round, breathe: () => Promise<void>): Promise<void> {
    if (performance.now() - this.breathed > sliceMs) {
      await breathe();
      this.breathed = performance.now();
    }
    round.since = performance.now();
    const limit = round.alone ? answerMs : sliceMs + answerMs;
    if (!withinTime(limit, () => this.goOn(round))) this.stop(round);
  }

  /** Decides until all is done or the slice is over. It may be ended at any moment: the round knows how far it has come. */
  private goOn(round: Round): void {
    const begun = round.since;
    while (round.next()) {
      this.look(round);
      if (!round.alone && round.since - begun <= sliceMs) continue;
      round.alone = false;
      return;
    }
  }

  /** Lets the filter whose turn it is decide some alerts, and looks at the clock. */
  private look(round: Round): void {
    const { units, filter: n } = round;
    const filter = this.filters[n]!;
    const outcome = round.outcomes[n]!;
    const slowness = this.slowness[n]!;
    const first = round.at;
    const end = round.alone ? first + 1 : Math.min(round.end, first + slowness.alertsAtOnce);
    for (; round.at < end; round.at++) this.apply(filter, n, units[round.at]!, outcome);
    const tooSlow = slowness.note(this.clock(round, end - first), end - first);
    if (tooSlow !== undefined) this.leave(round, `${tooSlow.toFixed(1)} ms per alert`);
  }

  /** Enters the time since the last look, and the alerts decided in it. */
  private clock(round: Round, alerts: number): number {
    const now = performance.now();
    const ms = now - round.since;
    round.ms[round.filter]! += ms;
    round.looked[round.filter]! += alerts;
    round.since = now;
    return ms;
  }

  /** The filter did not come back in time. */
  private stop(round: Round): void {
    this.clock(round, round.alone ? 1 : 0);
    // it may have been one slow alert too many: this one gets the whole time for itself
    round.alone = !round.alone;
    if (round.alone) return;
    const { name } = this.filters[round.filter]!;
    const { message, record } = round.units[round.at]!;
    const seconds = answerMs / 1000;
    const error = new BootcampError(
      "SELECTION",
      `Expected an answer of filter "${name}" within ${seconds} s, got none`,
    );
    const details = { filter: name, record };
    round.unanswered.add(round.filter);
    round.outcomes[round.filter]!.letters.push(
      deadLetter(this.topic, message.partition, message.message, error, details),
    );
    round.at++;
    this.leave(round, `no answer within ${seconds} s to the alert at [${message.partition}]@${message.offset}`);
  }

  private leave(round: Round, why: string): void {
    if (this.left.size === this.filters.length - 1) return; // nobody waits for it
    const n = round.filter;
    this.left.set(n, why);
    this.giveBack(n, round.outcomes[n]!);
    round.outcomes[n] = undefined;
  }

  private giveBack(n: number, outcome: Outcome): void {
    for (const counts of outcome.places) counts[n]!--;
  }

  private apply(filter: PlannedFilter, n: number, unit: Unit, outcome: Outcome): void {
    try {
      const answer: unknown = filter.accepts(unit.alert);
      if (answer === false || answer === null || answer === undefined) {
        outcome.rejected++;
        return;
      }
      if (answer !== true) throw wrongAnswer(filter.name, answer);
      if (unit.counts === undefined) unit.counts = this.places.of(unit.alert.visitId);
      if (unit.counts !== null) {
        if (!this.places.take(unit.counts, n)) {
          outcome.capped++;
          return;
        }
        outcome.places.push(unit.counts);
      }
      outcome.selected.push((unit.out ??= outputOf(this.topic, unit)));
    } catch (error) {
      const { partition, message } = unit.message;
      const details = { filter: filter.name, record: unit.record };
      outcome.letters.push(deadLetter(this.topic, partition, message, error, details));
    }
  }
}

function wrongAnswer(name: string, answer: unknown): BootcampError {
  if (!(answer instanceof Promise)) return usageError(`true or false from filter "${name}"`, answer);
  answer.catch(() => {}); // nobody waits for it
  return usageError(`true or false from filter "${name}"`, answer, "a filter cannot wait: it must not be async");
}
