import type { EngineKind, EngineState } from "../broker/engine-state";
import { BootcampError, usageError } from "../errors";

/** How Kafka is to be started. */
export interface StartEngineOptions {
  /** What to run; `auto` chooses. Default `auto`. */
  engine?: "auto" | EngineKind;
  /**
   * Port on 127.0.0.1; 0 for any free one. Three brokers take this one and the next two. Default: the one that this
   * engine had last, else 9092.
   */
  port?: number;
  /**
   * One broker, or three with three copies of everything (`local` only). Default: as many as the data here are of, else 1.
   */
  brokers?: 1 | 3;
  /**
   * Also listens as Rubin's brokers do, with TLS and a login, so that such a connection can be practised; the profile
   * `practice` holds its settings (one broker, `local` only). Default false.
   */
  secure?: boolean;
  /** Also starts `alerts monitor` and Prometheus, and has local brokers show their own measurements. Default false. */
  monitoring?: boolean;
  /** Empties topics, groups and offsets first. Default false. */
  reset?: boolean;
  signal?: AbortSignal | undefined;
  /** Called with one line whenever something is chosen or takes a while. */
  onProgress?: ((line: string) => void) | undefined;
}

/** @throws USAGE for settings that cannot be, or do not fit one another; ABORTED */
export function checkOptions({ engine, port, brokers, secure, signal }: StartEngineOptions): void {
  if (signal?.aborted) throw new BootcampError("ABORTED", "Starting Kafka was interrupted");
  if (engine !== undefined && !["auto", "local", "docker", "external"].includes(engine)) {
    throw usageError("auto, local, docker or external as engine", engine);
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw usageError("a port between 0 and 65535", port);
  }
  if (brokers !== undefined && brokers !== 1 && brokers !== 3) throw usageError("1 or 3 brokers", brokers);
  if (brokers === 3 && engine === "docker") {
    throw usageError("1 broker for the engine docker", brokers, "three brokers run with --engine local");
  }
  if (secure) checkSecure(engine ?? "auto", brokers);
}

function checkSecure(engine: "auto" | EngineKind, brokers: number | undefined): void {
  const possible = "npx alerts up --secure --engine local";
  if (brokers === 3) throw usageError("1 broker with --secure", brokers, `leave --brokers out: ${possible}`);
  if (engine !== "local" && engine !== "auto") throw usageError("the engine local with --secure", engine, possible);
  if (engine === "auto" && process.env.KAFKA_BOOTSTRAP) {
    throw usageError("--secure for a Kafka that is started here", "one named by KAFKA_BOOTSTRAP", possible);
  }
}

/**
 * A Kafka that runs is kept; but not when something else was asked for in so many words.
 *
 * @throws USAGE
 */
export function checkSame(running: EngineState, { port, brokers, secure }: StartEngineOptions, wanted: string): void {
  const first = portOf(running);
  const count = Math.max(1, running.brokers.length);
  const differs =
    (wanted !== "auto" && wanted !== running.engine) ||
    (brokers !== undefined && brokers !== count) ||
    (port !== undefined && port !== 0 && port !== first) ||
    (secure !== undefined && secure !== Boolean(running.secure));
  if (!differs) return;
  const locked = (isSecure: boolean) => (isSecure ? ", secure" : "");
  const runs = `${running.engine}, ${count} broker(s), ${running.bootstrap}${locked(Boolean(running.secure))}`;
  const kind = wanted === "auto" ? running.engine : wanted;
  const asked = `${kind}, ${brokers ?? count} broker(s), port ${port ?? first}${locked(secure ?? Boolean(running.secure))}`;
  throw new BootcampError("USAGE", `Expected the engine that runs (${runs}), got ${asked}`, {
    remedy: "stop it first: npx alerts down",
  });
}

export const portOf = (state: EngineState) => Number(state.bootstrap.split(",")[0]?.split(":")[1]);
