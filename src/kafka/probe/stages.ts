import { addresses, hostAndPort } from "../../broker/address";
import { BootcampError, isBootcampError, messageOf } from "../../errors";
import { Admin } from "../client/admin";
import { type BrokerProblem, problemError } from "../client/broker-problem";
import type { Connection } from "../client/connection-settings";
import { type Held, heldBy, loginFailure, probeGroup, probeMetadata, probeTopic } from "./cluster";
import { probeMechanism, probeName, probePort, probeTls } from "./network";
import { ProbeFailure, type ProbeStage, type ProbeStageName, probeStages, type Target } from "./types";

export interface StagePlan {
  connection: Connection;
  /** Left out when undefined. */
  topic?: string | undefined;
  group?: string | undefined;
  /** For each question to the network, ms. */
  limitMs: number;
  /** Looked at between the stages. */
  signal?: AbortSignal | undefined;
}

/** Stages that were gone through, and the error that the first failed one stands for. */
export interface StagesResult {
  stages: ProbeStage[];
  error?: BootcampError;
}

/**
 * Goes through the stages of a connection until one fails. Of several brokers the first that gets as far as its login
 * is taken; when none does, the first is reported.
 *
 * @param plan.topic, plan.group looked at after the login; a topic that is empty does not keep the group from being tried
 */
export async function runStages(plan: StagePlan): Promise<StagesResult> {
  let result: StagesResult | undefined;
  for (const address of addresses(plan.connection.address)) {
    const tried = await runFor(address, plan);
    result ??= tried;
    if (!["name", "port"].includes(tried.stages.find(({ state }) => state === "failed")?.stage ?? "")) return tried;
  }
  return result!;
}

async function runFor(address: string, plan: StagePlan): Promise<StagesResult> {
  const { connection, topic, group, limitMs, signal } = plan;
  const target: Target = { connection, ...hostAndPort(address), address, limitMs };
  const run = new Run(connection, address, signal);
  await run.stage("name", () => probeName(target));
  await run.stage("port", () => probePort(target));
  await run.stage("tls", () => probeTls(target));
  await run.stage("login", () => probeMechanism(target));
  if (!run.error) {
    const admin = new Admin({ ...connection, address }, limitMs);
    try {
      await admin.connect().catch((error) => run.fail("login", loginFailure(error, target)));
      await afterLogin(admin, run, target, topic, group);
    } finally {
      admin.close();
    }
  }
  return run.result([...(topic === undefined ? ["topic"] : []), ...(group === undefined ? ["group"] : [])]);
}

async function afterLogin(
  admin: Admin,
  run: Run,
  target: Target,
  topic: string | undefined,
  group: string | undefined,
): Promise<void> {
  await run.stage("metadata", () => probeMetadata(admin, target));
  let held: Held[] | undefined;
  if (topic !== undefined) {
    await run.stage("topic", async () => {
      held = await heldBy(admin, topic);
      return probeTopic(admin, topic, held);
    });
  }
  if (group === undefined || (run.error && !held)) return;
  const about = topic !== undefined && held ? { name: topic, held } : undefined;
  await run.stage("group", () => probeGroup(admin, group, about), true);
}

function problemOf(error: unknown): BrokerProblem | undefined {
  if (error instanceof ProbeFailure) return error.problem;
  return isBootcampError(error, "KAFKA_LOGIN") ? "token" : undefined; // of the server of tokens
}

/** Collects what the stages found. */
class Run {
  private readonly stages = new Map<ProbeStageName, ProbeStage>();
  error: BootcampError | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly address: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @param always also after a failure, when what failed before does not matter for this stage */
  async stage(stage: ProbeStageName, work: () => Promise<string>, always = false): Promise<void> {
    if (this.signal?.aborted) throw new BootcampError("ABORTED", "Trying the connection was interrupted");
    if (this.error && !always) return;
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    try {
      const found = (await work()).replace(/\p{Cc}/gu, "?"); // names come from whoever answers
      this.stages.set(stage, { stage, state: "ok", found, ms: ms() });
    } catch (error) {
      this.fail(stage, error, ms());
    }
  }

  fail(stage: ProbeStageName, error: unknown, ms = this.stages.get(stage)?.ms ?? 0): void {
    const own = this.asError(error);
    this.error ??= own;
    const problem = problemOf(error);
    const remedy = own.remedy === undefined ? {} : { remedy: own.remedy };
    this.stages.set(stage, {
      stage,
      state: "failed",
      found: own.message.replace(/\p{Cc}/gu, "?"),
      ...(problem && { problem }),
      ...remedy,
      ms,
    });
  }

  private asError(error: unknown): BootcampError {
    if (error instanceof BootcampError) return error;
    const { connection, address } = this;
    if (error instanceof ProbeFailure) return problemError(error.problem, connection, { address, ...error.details });
    const message = `Expected ${address} to do as asked, it said: ${messageOf(error)}`;
    return new BootcampError("KAFKA_REFUSED", message, { remedy: "try again", where: address, cause: error });
  }

  result(left: readonly string[]): StagesResult {
    const wanted = probeStages.filter((stage) => stage !== "settings" && !left.includes(stage));
    const stages = wanted.map(
      (stage) => this.stages.get(stage) ?? { stage, state: "skipped" as const, found: "not tried", ms: 0 },
    );
    return { stages, ...(this.error && { error: this.error }) };
  }
}
