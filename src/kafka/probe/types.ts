import type { BrokerProblem, ProblemDetails } from "../client/broker-problem";
import type { Connection } from "../client/connection-settings";

/** The stages of a connection, in the order in which they are gone through. */
export const probeStages = ["settings", "name", "port", "tls", "login", "metadata", "topic", "group"] as const;
/** The stages of a connection, in their order. */
export type ProbeStageName = (typeof probeStages)[number];

/** What one stage found. */
export interface ProbeStage {
  readonly stage: ProbeStageName;
  /** `skipped`: an earlier stage failed, so that this one could not be tried. */
  readonly state: "ok" | "failed" | "skipped";
  /** What was found, in a few words; for a failure the sentence of the error. */
  readonly found: string;
  /** Stable name of what failed, e.g. "certificate-untrusted". */
  readonly problem?: BrokerProblem;
  /** What to do about it. */
  readonly remedy?: string;
  /** How long it took. */
  readonly ms: number;
}

/** The end of a probe: what is wrong, before it is made a sentence. */
export class ProbeFailure extends Error {
  constructor(
    readonly problem: BrokerProblem,
    readonly details: ProblemDetails = {},
  ) {
    super(problem);
  }
}

/** One broker of the bootstrap list, as it is looked at. */
export interface Target {
  connection: Connection;
  host: string;
  port: number;
  /** `host:port` */
  address: string;
  limitMs: number;
}
