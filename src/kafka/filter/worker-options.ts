import type { ConnectionOptions } from "../client/connection";
import type { KafkaMessage } from "../client/types";
import type { Extent } from "../read/positions";
import type { PlannedFilter } from "./plan";

export interface WorkerOptions extends ConnectionOptions {
  topic: string;
  deadTopic: string;
  group: string;
  filters: readonly PlannedFilter[];
  /** Name of a filter that was left behind before and goes on. */
  resume?: string | undefined;
  until: "caught-up" | "idle" | "forever";
  idleSeconds: number;
  limit: number;
  /** What the topic held when the job began. */
  extent: Extent;
  /** Fetches the schema that a message needs; false when the job was stopped meanwhile. Not set without a registry. */
  prepare?: ((message: KafkaMessage) => Promise<boolean>) | undefined;
  onChunk: () => void;
  warn: (line: string) => void;
  signal?: AbortSignal | undefined;
}
