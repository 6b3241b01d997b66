import { isBootcampError, usageError } from "../../errors";
import { expectArgument } from "../../expect";
import { checkTopicName } from "../admin/topics";
import { type ConnectionOptions, connectionOf, groupName } from "../client/connection-settings";
import { runStages } from "./stages";
import type { ProbeStage } from "./types";

/** Options of {@link probeBroker}. */
export interface ProbeOptions extends ConnectionOptions {
  /** A topic to look at as well: is it there, may it be read, what does it hold. */
  topic?: string | undefined;
  /** A consumer group to look at as well; default: one as `subscribe` would make it up. */
  group?: string | undefined;
  /** How long to wait for each answer, in seconds. Default 5. */
  limitSeconds?: number | undefined;
  /** Ends the probe before its next stage. */
  signal?: AbortSignal | undefined;
}

/** What {@link probeBroker} found, stage by stage. */
export interface ProbeReport {
  /** True when every stage is. */
  readonly ok: boolean;
  /** `host:port`, several with commas; empty when the settings themselves are wrong. */
  readonly address: string;
  readonly profile: string;
  readonly stages: readonly ProbeStage[];
}

/**
 * Tries a connection stage by stage and says for each what was found: settings, name of the host, port, TLS with its
 * certificate, login, metadata, topic and group. Publishes nothing, commits nothing, and makes no topic or group.
 *
 * @returns a report; a stage that fails is part of it, with a stable name and a remedy, and is not thrown
 * @throws USAGE for a senseless topic name or limit; ABORTED
 * @example
 * const { ok, stages } = await kafka.probe({ profile: "practice", topic: "ztf-stream" });
 * console.log(stages.filter(({ state }) => state === "failed"));
 */
export async function probeBroker(options: ProbeOptions = {}): Promise<ProbeReport> {
  expectArgument("object", options, "options { bootstrap, profile, topic … }");
  const { topic, limitSeconds = 5, signal } = options;
  if (topic !== undefined) checkTopicName(topic);
  if (!(limitSeconds > 0)) throw usageError("limitSeconds above 0", limitSeconds);
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const connection = connectionOf(options);
    const group = groupName(options.group, "alert-bootcamp-probe", options);
    const settings: ProbeStage = { stage: "settings", state: "ok", found: words(connection), ms: ms() };
    const { stages } = await runStages({ connection, topic, group, limitMs: limitSeconds * 1000, signal });
    const all = [settings, ...stages];
    const { address, profile } = connection;
    return { ok: all.every(({ state }) => state === "ok"), address, profile, stages: all };
  } catch (error) {
    if (!isBootcampError(error) || error.code === "ABORTED") throw error;
    const { message: found, remedy } = error;
    const stage: ProbeStage = { stage: "settings", state: "failed", found, ...(remedy && { remedy }), ms: ms() };
    return { ok: false, address: "", profile: options.profile ?? "", stages: [stage] };
  }
}

function words({ profile, prefix, address, settings }: ReturnType<typeof connectionOf>): string {
  const login = settings.sasl ? `login by ${settings.sasl.mechanism}` : "no login";
  return `profile ${profile} (${prefix}…): ${address}, ${settings.ssl ? "TLS" : "plain text"}, ${login}`;
}
