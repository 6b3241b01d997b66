import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { placeOf, readCommitted } from "../filter/committed";
import { makeAlert } from "../helpers/alerts";
import { type Run, start } from "../helpers/alerts-command";

export interface CrashPlan {
  bootstrap: string;
  /** Names the topic and the group. */
  topic: string;
  alerts: number;
  kills: number;
  /** Workers stopped for longer than their session and woken up again. */
  sleeps: number;
  seed: number;
}

export interface CrashResult {
  /** Places in the input that each filter selects. */
  expected: Map<string, string[]>;
  /** Places found in its output by librdkafka, and by this library. */
  librdkafka: Map<string, string[]>;
  ours: Map<string, string[]>;
  /** The two workers that lived to the end. */
  survivors: Run[];
  killed: number;
  slept: number;
}

/** Longer than the session time-out of a worker (6 s): its partitions have gone to the other one when it wakes up. */
const sleepMs = 8500;
const partitions = 4;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Mulberry32: the moments of the kills are the same in every run with one seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Two workers of one group filter a stream of small alerts while they are killed, or put to sleep, one after the other. */
export async function crashRun(plan: CrashPlan): Promise<CrashResult> {
  const { bootstrap, topic, seed } = plan;
  const next = random(seed);
  const folder = mkdtempSync(join(tmpdir(), "bootcamp-crash-"));
  const file = join(folder, "halves.ts");
  const names = [`${topic}.halves-bright`, `${topic}.halves-faint`];
  writeFileSync(
    file,
    `import type { Alert } from "alert-bootcamp";
const bright = (a: Alert) => a.mag < 18;
const faint = (a: Alert) => a.mag >= 20;
export default [bright, faint];\n`,
  );
  const command = ["filter", topic, "--filter", file, "--group", topic, "--no-cap", "--until", "forever", "--json"];
  const startWorker = () => new Worker(start(command, { env: { KAFKA_BOOTSTRAP: bootstrap } }));
  await createTopic(topic, { bootstrap, partitions });
  const workers = [startWorker(), startWorker()];
  const faults = shuffle([...Array(plan.kills).fill("kill"), ...Array(plan.sleeps).fill("sleep")], next);
  const flow = new Flow(plan);
  try {
    await flow.connect();
    let moved = await progress(plan);
    for (const fault of faults) {
      const flowing = flow.keepGoing();
      moved = await waitForProgress(plan, moved); // somebody works
      await wait(next() * 700);
      const victim = next() < 0.5 ? 0 : 1;
      if (fault === "kill") {
        workers[victim]!.child.kill("SIGKILL");
        await workers[victim]!.end;
        workers[victim] = startWorker();
      } else {
        workers[victim]!.child.kill("SIGSTOP");
        await wait(sleepMs);
        workers[victim]!.child.kill("SIGCONT");
      }
      await flowing();
    }
    await flow.sendRest();
    while (!(await isDone(plan))) await wait(200);
    for (const { child } of workers) child.kill("SIGTERM");
    const survivors = await Promise.all(workers.map(({ end }) => end));
    return { ...(await compare(plan, names)), survivors, killed: plan.kills, slept: plan.sleeps };
  } finally {
    await flow.disconnect();
    for (const { child } of workers) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

class Worker {
  readonly end: Promise<Run>;
  constructor(readonly child: ChildProcess) {
    const run: Run = { code: null, stdout: "", stderr: "" };
    child.stdout!.on("data", (piece) => (run.stdout += piece));
    child.stderr!.on("data", (piece) => (run.stderr += piece));
    this.end = new Promise((resolve) => child.on("close", (code) => resolve({ ...run, code })));
  }
}

/** Sends alerts in small portions while faults happen, and the rest at the end. */
class Flow {
  private readonly producer;
  private sent = 0;
  constructor(private readonly plan: CrashPlan) {
    const kafka = new Kafka({ brokers: [plan.bootstrap], logLevel: logLevel.NOTHING });
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }
  connect = () => this.producer.connect();
  disconnect = () => this.producer.disconnect();

  /** Begins to send; the function returned ends that. */
  keepGoing(): () => Promise<void> {
    const share = Math.ceil((this.plan.alerts * 0.9) / (this.plan.kills + this.plan.sleeps));
    const portion = Math.max(10, Math.ceil(share / 60));
    let going = true;
    const loop = (async () => {
      while (going) {
        await this.send(Math.min(portion, this.plan.alerts - this.sent));
        await wait(100);
      }
    })();
    return async () => {
      going = false;
      await loop;
    };
  }

  async sendRest(): Promise<void> {
    while (this.sent < this.plan.alerts) await this.send(Math.min(500, this.plan.alerts - this.sent));
  }

  private async send(count: number): Promise<void> {
    if (count <= 0) return;
    const messages = Array.from({ length: count }, (_, i) => {
      const n = this.sent + i;
      return { value: makeAlert(n, { mag: 15 + (n % 8) }).bytes, partition: n % partitions };
    });
    await this.producer.send({ topic: this.plan.topic, messages });
    this.sent += count;
  }
}

async function progress({ bootstrap, topic }: CrashPlan): Promise<bigint> {
  const info = await describeGroup(topic, { bootstrap }).catch(() => undefined); // not there until somebody joined
  return (info?.partitions ?? []).reduce((sum, { committed }) => sum + (committed ?? 0n), 0n);
}

async function waitForProgress(plan: CrashPlan, before: bigint): Promise<bigint> {
  for (;;) {
    const now = await progress(plan);
    if (now > before) return now;
    await wait(50);
  }
}

/** Everything is done, and both workers are members: one that has only just been started could not answer a signal. */
async function isDone({ bootstrap, topic }: CrashPlan): Promise<boolean> {
  const { state, members, partitions } = await describeGroup(topic, { bootstrap });
  return state === "Stable" && members === 2 && partitions.every(({ lag }) => lag === 0n);
}

async function compare(plan: CrashPlan, names: readonly string[]) {
  const { bootstrap, topic } = plan;
  const expected = new Map(names.map((name): [string, string[]] => [name, []]));
  const quiet = { bootstrap, progress: false };
  for await (const alert of await subscribe(topic, quiet)) {
    const { origin } = alert;
    if (origin.kind !== "kafka") continue;
    const name = alert.mag < 18 ? names[0]! : alert.mag >= 20 ? names[1]! : undefined;
    if (name !== undefined) expected.get(name)!.push(`${topic}/${origin.partition}/${origin.offset}`);
  }
  const librdkafka = new Map<string, string[]>();
  const ours = new Map<string, string[]>();
  for (const name of names) {
    librdkafka.set(name, readCommitted(bootstrap, name).map(placeOf));
    const places: string[] = [];
    for await (const { origin } of await subscribe(name, quiet)) {
      if (origin.kind !== "kafka") continue;
      const text = (part: string) => origin.headers[`bootcamp-${part}`]?.toString();
      places.push(`${text("topic")}/${text("partition")}/${text("offset")}`);
    }
    ours.set(name, places);
  }
  return { expected, librdkafka, ours };
}

function shuffle<T>(items: T[], next: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
