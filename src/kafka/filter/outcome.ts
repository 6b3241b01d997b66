import type { Alert } from "../../alert/alert";
import { BootcampError, usageError } from "../../errors";
import { deadLetter, type OutMessage, withOrigin } from "../dead-letters/dead-letter";
import type { Message } from "../read/consume";
import { alertsOf, type Decoding } from "../read/decode-message";
import type { PlannedFilter } from "./plan";

/** One alert of a chunk; what is sent of it is made once for all filters that select it. */
export interface Unit {
  readonly alert: Alert;
  readonly message: Message;
  /** Its number in a message that holds several. */
  readonly record: number | undefined;
  /** Places taken in its visit; not looked up yet, or null when it has none. */
  counts: VisitCounts | null | undefined;
  out: OutMessage | undefined;
}

/** The alerts of the messages, and a dead letter for each message that holds none or is damaged. */
export function openMessages(
  topic: string,
  messages: readonly Message[],
  decoding: Decoding,
): { units: Unit[]; undecodable: OutMessage[] } {
  const units: Unit[] = [];
  const undecodable: OutMessage[] = [];
  for (const message of messages) {
    const found: Alert[] = [];
    try {
      for (const alert of alertsOf(topic, message, decoding)) found.push(alert);
      if (found.length === 0) throw new BootcampError("NO_ALERTS", "Expected an alert, got an empty Avro container");
    } catch (error) {
      undecodable.push(deadLetter(topic, message.partition, message.message, error));
    }
    for (const [n, alert] of found.entries()) {
      units.push({ alert, message, record: found.length > 1 ? n : undefined, counts: undefined, out: undefined });
    }
  }
  return { units, undecodable };
}

/** Visits remembered: a night of Rubin has about a thousand. With a hundred filters they take 800 kB. */
const visitsKept = 2000;

/** Places taken in one visit, by the number of the filter. */
export type VisitCounts = Uint32Array;

/**
 * Counts the places that each filter takes in each visit. Visits may come interleaved. Places are reserved while a
 * transaction is open and given back when it is aborted, since its alerts then come again.
 */
export class VisitPlaces {
  private readonly visits = new Map<string, VisitCounts>();

  constructor(
    private readonly perVisit: number,
    private readonly filters: number,
  ) {}

  /** The counts of a visit, looked up once for all filters; null when there is no cap, or the alert names no visit. */
  of(visitId: string): VisitCounts | null {
    if (visitId === "" || this.perVisit === Number.POSITIVE_INFINITY) return null;
    const counts = this.visits.get(visitId) ?? new Uint32Array(this.filters);
    this.visits.delete(visitId); // set again below: the map is in the order in which visits were last seen
    this.visits.set(visitId, counts);
    if (this.visits.size > visitsKept) this.visits.delete(this.visits.keys().next().value!);
    return counts;
  }

  /** Takes a place for a filter; false when it has had all of them. To give it back, lower the count. */
  take(counts: VisitCounts, filter: number): boolean {
    if (counts[filter]! >= this.perVisit) return false;
    counts[filter]!++;
    return true;
  }
}

/** What one filter made of a chunk of alerts. */
export interface Outcome {
  readonly selected: readonly OutMessage[];
  readonly rejected: number;
  /** Passed the filter, and their visit had no place left. */
  readonly capped: number;
  /** Dead letters of what it threw on, and of what it did not answer to. */
  readonly letters: readonly OutMessage[];
}

/** An outcome while the filter decides. */
export class OpenOutcome implements Outcome {
  readonly selected: OutMessage[] = [];
  rejected = 0;
  capped = 0;
  readonly letters: OutMessage[] = [];
  /** Counts of the visits in which it took a place. */
  private readonly places: VisitCounts[] = [];

  constructor(
    private readonly topic: string,
    private readonly filter: PlannedFilter,
    private readonly number: number,
    private readonly visits: VisitPlaces,
  ) {}

  /** Has the filter decide an alert. */
  decide(unit: Unit): void {
    try {
      const answer: unknown = this.filter.accepts(unit.alert);
      if (answer === false || answer === null || answer === undefined) this.rejected++;
      else if (answer !== true) throw wrongAnswer(this.filter.name, answer);
      else if (this.takePlace(unit)) this.selected.push((unit.out ??= outputOf(this.topic, unit)));
      else this.capped++;
    } catch (error) {
      this.fail(unit, error);
    }
  }

  /** The alert becomes a dead letter. */
  fail({ message: { partition, message }, record }: Unit, error: unknown): void {
    this.letters.push(deadLetter(this.topic, partition, message, error, { filter: this.filter.name, record }));
  }

  /** What was decided does not count: its places are free again. */
  release(): void {
    for (const counts of this.places) counts[this.number]!--;
  }

  /** False when the visit has no place left. */
  private takePlace(unit: Unit): boolean {
    if (unit.counts === undefined) unit.counts = this.visits.of(unit.alert.visitId);
    if (unit.counts === null) return true;
    if (!this.visits.take(unit.counts, this.number)) return false;
    this.places.push(unit.counts);
    return true;
  }
}

/** What is sent of a selected alert: the bytes, key and headers it came with, and its origin. */
function outputOf(topic: string, { alert, message: { partition, message }, record }: Unit): OutMessage {
  const value = record === undefined ? message.value : alert.bytes;
  return { key: message.key ?? null, value, headers: withOrigin(topic, partition, message, record) };
}

function wrongAnswer(name: string, answer: unknown): BootcampError {
  if (!(answer instanceof Promise)) return usageError(`true or false from filter "${name}"`, answer);
  answer.catch(() => {}); // nobody waits for it
  return usageError(`true or false from filter "${name}"`, answer, "a filter cannot wait: it must not be async");
}
