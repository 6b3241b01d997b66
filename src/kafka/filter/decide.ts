import type { Alert } from "../../alert/alert";
import { BootcampError } from "../../errors";
import type { OutMessage } from "../dead-letters/dead-letter";
import type { Message } from "../read/consume";
import type { Decoding } from "../read/decode-message";
import { OpenOutcome, type Outcome, openMessages, type Unit, VisitPlaces } from "./outcome";
import type { PlannedFilter } from "./plan";
import { blockAlerts, Slowness, withinTime } from "./slowness";

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
  /** Filters that were too slow in this chunk, and their ms per alert. */
  readonly slow: ReadonlyMap<number, number>;
  /** Filters that did not answer to an alert of this chunk, a dead letter now. */
  readonly unanswered: ReadonlySet<number>;
  /** Gives back the places taken under the cap, when the transaction failed. */
  release(): void;
}

/** How long the deciding may go on without a sign of life to the broker. */
const sliceMs = 1000;
/** A filter that has not answered for so long never will. With a slice, less than the session of a member (6 s). */
const answerMs = 3000;

/** Alerts that one filter has to decide before the next one has its turn. */
export interface Turn {
  readonly filter: number;
  /** The next alert. */
  at: number;
  readonly end: number;
}

/** Every alert for every filter once: blocks of alerts one after the other, each for one filter after the other. */
export function turnsOf(alerts: number, filters: readonly number[]): Turn[] {
  const turns: Turn[] = [];
  for (let at = 0; at < alerts; at += blockAlerts) {
    for (const filter of filters) turns.push({ filter, at, end: Math.min(at + blockAlerts, alerts) });
  }
  return turns;
}

/** A chunk that is being decided. */
interface Chunk {
  readonly units: readonly Unit[];
  /** One per filter; undefined for one that does not decide it. */
  readonly outcomes: (OpenOutcome | undefined)[];
  readonly turns: readonly Turn[];
  /** Number of the turn in hand. */
  turn: number;
  /** When the clock was looked at last. */
  since: number;
  readonly ms: number[];
  readonly looked: number[];
  readonly slow: Map<number, number>;
  readonly unanswered: Set<number>;
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
  private readonly visits: VisitPlaces;
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
    this.visits = new VisitPlaces(options.capPerVisit, filters.length);
    this.slowness = filters.map(() => new Slowness(options.slowMs));
    const { schema, form, registry } = options;
    this.decoding = { schema, form, registry };
  }

  /**
   * @param messages of one partition, in order
   * @param who `turn`: filters that have not decided them yet, default all; `absent`: those that were left behind in this
   *   partition before
   * @param breathe called every second or so of deciding: a heartbeat, or a turn for the rest of the process
   */
  decide(
    messages: readonly Message[],
    who: { turn?: ReadonlySet<number>; absent?: ReadonlySet<number> },
    breathe: () => Promise<void>,
  ): Promise<Decided> {
    const { turn = new Set(this.filters.keys()), absent = new Set() } = who;
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
    const outcomes = this.filters.map((filter, n) =>
      isHere(n) ? new OpenOutcome(this.topic, filter, n, this.visits) : undefined,
    );
    const turns = turnsOf(units.length, [...this.filters.keys()].filter(isHere));
    const [ms, looked] = [this.filters.map(() => 0), this.filters.map(() => 0)];
    const [slow, unanswered] = [new Map<number, number>(), new Set<number>()];
    const release = () => {
      for (const outcome of outcomes) outcome?.release();
    };
    try {
      await this.decideAll({ units, outcomes, turns, turn: 0, since: 0, ms, looked, slow, unanswered }, breathe);
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
    return { read, alerts, undecodable, outcomes, ms, looked, pending, leaving, slow, unanswered, release };
  }

  private async decideAll(chunk: Chunk, breathe: () => Promise<void>): Promise<void> {
    while (chunk.turn < chunk.turns.length) {
      await this.rest(breathe);
      if (withinTime(sliceMs + answerMs, () => this.slice(chunk))) continue;
      // ended by force; it may have been one slow alert too many: this one gets the whole time for itself
      const turn = chunk.turns[chunk.turn]!;
      this.clock(chunk, turn, 0);
      if (!isOpen(chunk, turn)) continue;
      await this.rest(breathe);
      chunk.since = performance.now();
      if (!withinTime(answerMs, () => this.step(chunk, turn, 1))) this.giveUp(chunk, turn);
    }
  }

  private async rest(breathe: () => Promise<void>): Promise<void> {
    if (performance.now() - this.breathed <= sliceMs) return;
    await breathe();
    this.breathed = performance.now();
  }

  /** One turn after the other, for a second or so. It may be ended at any moment: each turn knows how far it has come. */
  private slice(chunk: Chunk): void {
    const begun = performance.now();
    chunk.since = begun;
    for (; chunk.turn < chunk.turns.length; chunk.turn++) {
      const turn = chunk.turns[chunk.turn]!;
      while (isOpen(chunk, turn)) {
        if (chunk.since - begun > sliceMs) return;
        this.step(chunk, turn, this.slowness[turn.filter]!.alertsAtOnce);
      }
    }
  }

  /** So many alerts at most, and a look at the clock: a filter that is too slow for too long is left behind. */
  private step(chunk: Chunk, turn: Turn, alerts: number): void {
    const outcome = chunk.outcomes[turn.filter]!;
    const first = turn.at;
    const end = Math.min(turn.end, first + alerts);
    for (; turn.at < end; turn.at++) outcome.decide(chunk.units[turn.at]!);
    const tooSlow = this.slowness[turn.filter]!.note(this.clock(chunk, turn, end - first), end - first);
    if (tooSlow === undefined) return;
    chunk.slow.set(turn.filter, tooSlow);
    this.leave(chunk, turn.filter, `${tooSlow.toFixed(1)} ms per alert`);
  }

  /** Enters the time since the last look, and the alerts decided in it. */
  private clock(chunk: Chunk, { filter }: Turn, alerts: number): number {
    const now = performance.now();
    const ms = now - chunk.since;
    chunk.ms[filter]! += ms;
    chunk.looked[filter]! += alerts;
    chunk.since = now;
    return ms;
  }

  /** The filter has had the time and did not answer: the alert is a dead letter, and the next one is tried, if at all. */
  private giveUp(chunk: Chunk, turn: Turn): void {
    this.clock(chunk, turn, 1);
    const { filter } = turn;
    const unit = chunk.units[turn.at++]!;
    const [seconds, { name }] = [answerMs / 1000, this.filters[filter]!];
    chunk.unanswered.add(filter);
    chunk.outcomes[filter]!.fail(
      unit,
      new BootcampError("SELECTION", `Expected an answer of filter "${name}" within ${seconds} s, got none`),
    );
    const { partition, offset } = unit.message;
    this.leave(chunk, filter, `no answer within ${seconds} s to the alert at [${partition}]@${offset}`);
  }

  private leave(chunk: Chunk, filter: number, why: string): void {
    if (this.left.size === this.filters.length - 1) return; // nobody waits for it
    this.left.set(filter, why);
    chunk.outcomes[filter]!.release();
    chunk.outcomes[filter] = undefined;
  }
}

const isOpen = ({ outcomes }: Chunk, { at, end, filter }: Turn): boolean => at < end && outcomes[filter] !== undefined;
