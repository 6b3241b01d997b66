import type { Alert } from "../alert/alert";
import { type DecodeOptions, decodeAlerts } from "../alert/decode";
import type { Origin } from "../alert/types";
import { BootcampError, usageError } from "../errors";
import type { Message } from "./consume";
import { deadLetter } from "./dead-letter";
import { VisitPlaces } from "./filter-cap";
import { type OutMessage, withOrigin } from "./filter-headers";
import type { PlannedFilter } from "./filter-plan";

/** What one filter did with a chunk of alerts. */
export interface Outcome {
  selected: OutMessage[];
  rejected: number;
  capped: number;
  dead: number;
  /** Time spent in the filter, ms. */
  ms: number;
}

/** A chunk of messages of one partition, decided by every filter. */
export interface Decided {
  /** Alerts, and messages that hold none that could be read. */
  readonly read: number;
  /** Messages that could not be decoded: one dead letter each, and dead for every filter. */
  readonly undecodable: number;
  /** One per filter, in their order. */
  readonly outcomes: readonly Outcome[];
  readonly dead: readonly OutMessage[];
  /** Gives back the places taken under the cap, when the transaction failed. */
  release(): void;
}

/** One alert of the chunk; what is sent of it is made once for all filters that select it. */
interface Unit {
  readonly alert: Alert;
  readonly message: Message;
  readonly record: number | undefined;
  visitId?: string;
  out?: OutMessage;
}

/** How long the deciding may go on without a sign of life to the broker, and how often the clock is looked at. */
const breatheMs = 1000;
const alertsPerLook = 16;

/**
 * Decides alerts by all filters of a job. One filter after the other goes through the chunk, so that a filter's time is
 * measured exactly at no cost per alert; the alerts keep what was decoded, so that it is decoded once for all of them.
 */
export class Decider {
  private readonly places: VisitPlaces[];

  constructor(
    private readonly topic: string,
    private readonly filters: readonly PlannedFilter[],
    capPerVisit: number,
    private readonly decoding: Pick<DecodeOptions, "schema" | "form">,
  ) {
    this.places = filters.map(() => new VisitPlaces(capPerVisit));
  }

  /**
   * @param messages of one partition, in order
   * @param breathe called every second or so of deciding: a heartbeat, or a turn for the rest of the process
   */
  async decide(messages: readonly Message[], breathe: () => Promise<void>): Promise<Decided> {
    const units: Unit[] = [];
    const dead: OutMessage[] = [];
    for (const message of messages) this.open(message, units, dead);
    const undecodable = dead.length;
    const taken: (() => void)[] = [];
    let breathed = performance.now();
    const outcomes: Outcome[] = [];
    for (const [index, filter] of this.filters.entries()) {
      const outcome: Outcome = { selected: [], rejected: 0, capped: 0, dead: undecodable, ms: 0 };
      let since = performance.now();
      for (let n = 0; n < units.length; n++) {
        this.apply(filter, this.places[index]!, units[n]!, outcome, dead, taken);
        if (n % alertsPerLook !== 0 || performance.now() - breathed < breatheMs) continue;
        outcome.ms += performance.now() - since;
        await breathe();
        since = breathed = performance.now();
      }
      outcome.ms += performance.now() - since;
      outcomes.push(outcome);
    }
    const release = () => {
      for (const giveBack of taken) giveBack();
    };
    return { read: units.length + undecodable, undecodable, outcomes, dead, release };
  }

  private open(message: Message, units: Unit[], dead: OutMessage[]): void {
    const found: Alert[] = [];
    try {
      const { value } = message.message;
      if (!value) throw new BootcampError("NOT_AVRO", "Expected an alert, got a message without a value");
      for (const alert of decodeAlerts(value, { ...this.decoding, origin: originOf(this.topic, message) })) {
        if (alert.form !== "container") alert.validate(); // a container was walked to its end
        found.push(alert);
      }
      if (found.length === 0) throw new BootcampError("NO_ALERTS", "Expected an alert, got an empty Avro container");
    } catch (error) {
      dead.push(deadLetter(this.topic, message.partition, message.message, error));
    }
    for (const [n, alert] of found.entries()) {
      units.push({ alert, message, record: found.length > 1 ? n : undefined });
    }
  }

  private apply(
    filter: PlannedFilter,
    places: VisitPlaces,
    unit: Unit,
    outcome: Outcome,
    dead: OutMessage[],
    taken: (() => void)[],
  ): void {
    try {
      const answer: unknown = filter.accepts(unit.alert);
      if (answer === false || answer === null || answer === undefined) {
        outcome.rejected++;
        return;
      }
      if (answer !== true) throw wrongAnswer(filter.name, answer);
      const visitId = (unit.visitId ??= unit.alert.visitId);
      if (!places.take(visitId)) {
        outcome.capped++;
        return;
      }
      taken.push(() => places.release(visitId));
      outcome.selected.push((unit.out ??= this.outputOf(unit)));
    } catch (error) {
      outcome.dead++;
      const { partition, message } = unit.message;
      dead.push(deadLetter(this.topic, partition, message, error, { filter: filter.name, record: unit.record }));
    }
  }

  private outputOf({ alert, message: { partition, message }, record }: Unit): OutMessage {
    const value = record === undefined ? message.value : alert.bytes;
    return { key: message.key ?? null, value, headers: withOrigin(this.topic, partition, message, record) };
  }
}

function wrongAnswer(name: string, answer: unknown): BootcampError {
  if (!(answer instanceof Promise)) return usageError(`true or false from filter "${name}"`, answer);
  answer.catch(() => {}); // nobody waits for it
  return usageError(`true or false from filter "${name}"`, answer, "a filter cannot wait: it must not be async");
}

function originOf(topic: string, { partition, offset, message }: Message): Origin {
  const headers: Record<string, Buffer> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = Buffer.isBuffer(first) ? first : Buffer.from(first);
  }
  const key = message.key ? message.key.toString("utf8") : null;
  return { kind: "kafka", topic, partition, offset, timestampMs: Number(message.timestamp), key, headers };
}
