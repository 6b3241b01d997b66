import { DEFAULT_PORT } from "../../broker/address";
import {
  type BrokerState,
  brokerFolder,
  clearState,
  type EngineState,
  type SecureState,
  writeState,
} from "../../broker/engine-state";
import { BootcampError, messageOf, usageError } from "../../errors";
import { kafkaIsInstalled } from "../install/install-kafka";
import { setup } from "../install/setup";
import { requireJava } from "../install/toolchain";
import { addAgent, installAgent } from "../monitoring/agent";
import { kafkaVersion } from "../paths";
import { ping } from "../ping";
import { LOOPBACK, PortChoice, portIsFree, portTaken } from "../process/ports";
import { untilReady } from "../process/until-ready";
import { closeTokens, openTokens, prepareSecure } from "../secure/secure";
import { admitPracticeUser } from "../secure/users";
import { diskFull, isDiskFull } from "./disk-full";
import { lastWords } from "./last-words";
import { describeBroker, emptyBrokers, endBrokers, isRunning, prepareBrokers, spawnBroker } from "./local";

export interface LocalOptions {
  /** Of the first broker, the others take the next; 0 for any free ones. Default: those they had last, else from 9092. */
  port: number | undefined;
  /** Ports that the brokers of the data had last. */
  lastPorts: readonly (number | undefined)[] | undefined;
  brokers: number;
  reset: boolean;
  /** Also listeners with TLS and a login; for one broker. */
  secure: boolean;
  /** Each broker shows its measurements to Prometheus. */
  monitoring: boolean;
  say: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** A broker that answers nothing for so long will not answer at all. A slow machine starts one in about ten seconds. */
const READY_SECONDS = 90;

/** Starts brokers as processes of this machine and waits until they can be used. The caller holds the engine's lock. */
export async function startLocal(options: LocalOptions): Promise<EngineState> {
  const { say, signal } = options;
  const java = await requireJava(signal);
  if (!kafkaIsInstalled()) await setup({ python: false, signal, onProgress: say });
  if (options.monitoring) await installAgent(say, signal);
  if (options.reset) emptyBrokers();
  // A port that the system chose can be taken before Kafka has it; a second choice settles that.
  for (let attempt = 1; ; attempt++) {
    const ports = new PortChoice();
    const brokers = await choosePorts(options, ports);
    const prepared = options.secure ? await prepareSecure(options.port === 0 ? 0 : brokers[0]!.port, ports) : undefined;
    for (const broker of brokers) if (prepared) broker.jvm = prepared.settings.jvm;
    for (const broker of brokers) if (options.monitoring) await addAgent(broker, ports);
    const state = stateOf(brokers, prepared?.secure);
    try {
      if (state.secure) await openTokens(state.secure, signal);
      await prepareBrokers(java.program, brokers, signal, prepared?.settings);
      say(`Starting Kafka ${state.version} on ${state.bootstrap}`);
      for (const broker of brokers) spawnBroker(java.program, broker);
      // written before it is ready: whatever happens now, "down" finds the processes
      writeState(state);
      await untilUsable(state, signal);
      return state;
    } catch (error) {
      await endBrokers(brokers);
      if (state.secure) await closeTokens();
      clearState();
      const words = [messageOf(error), ...brokers.map(lastWords)].join("\n");
      if (attempt < 3 && /Address already in use|EADDRINUSE/.test(words)) {
        for (const { port } of brokers)
          if (options.port !== 0 && !(await portIsFree(port))) throw await portTaken(port);
        continue;
      }
      throw error;
    }
  }
}

/** Starts those brokers again that ended, each with its data, and waits until all can be used. */
export async function reviveLocal(
  state: EngineState,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (state.secure) await openTokens(state.secure, signal);
  for (const broker of state.brokers) {
    if (await isRunning(broker)) continue;
    const java = await requireJava(signal);
    say(`Starting broker ${broker.id} again`);
    spawnBroker(java.program, broker);
    writeState(state);
  }
  await untilUsable(state, signal);
}

function stateOf(brokers: BrokerState[], secure?: SecureState): EngineState {
  return {
    engine: "local",
    version: kafkaVersion(),
    bootstrap: brokers.map((broker) => `${LOOPBACK}:${broker.port}`).join(","),
    startedAt: new Date().toISOString(),
    brokers,
    ...(secure && { secure }),
  };
}

async function choosePorts({ port, lastPorts, brokers }: LocalOptions, ports: PortChoice): Promise<BrokerState[]> {
  if (port !== undefined && port + brokers - 1 > 65_535) throw usageError("a port below 65535", port);
  const chosen: number[] = [];
  for (let id = 1; id <= brokers; id++) {
    const last = port === undefined ? lastPorts?.[id - 1] : undefined;
    const wanted = port === 0 ? await ports.any() : (last ?? (port ?? DEFAULT_PORT) + id - 1);
    if (port !== 0 && !(await ports.claim(wanted))) throw await portTaken(wanted);
    chosen.push(wanted);
  }
  // those that may be any come after those that were asked for
  const described: BrokerState[] = [];
  for (const [at, own] of chosen.entries()) described.push(describeBroker(at + 1, own, await ports.any()));
  return described;
}

/** Waits until everything can be used: brokers, groups, and the login of a secure engine. */
async function untilUsable(state: EngineState, signal?: AbortSignal): Promise<void> {
  await untilAnswers(state, signal);
  if (state.secure) await admitPracticeUser(state.bootstrap, state.secure, signal);
}

/** Waits until every broker answers and groups can be used; fails at once when a broker ends. */
async function untilAnswers(state: EngineState, signal?: AbortSignal): Promise<void> {
  const failure = await untilReady({
    what: "Starting Kafka",
    seconds: READY_SECONDS,
    everyMs: 100,
    signal,
    lives: async () => {
      for (const broker of state.brokers) if (!(await isRunning(broker))) throw endedEarly(broker);
      return true;
    },
    isReady: async () => {
      const { brokers } = await ping(state.bootstrap);
      if (brokers.length < state.brokers.length) return false;
      await ping(state.bootstrap, { groups: true, limitSeconds: 10 });
      return true;
    },
  });
  if (!failure) return;
  throw new BootcampError("ENGINE_FAILED", `Kafka runs but did not answer within ${READY_SECONDS} s`, {
    where: state.brokers[0]?.log ?? state.bootstrap,
    remedy: "read that log; then npx alerts down, and npx alerts up again",
    ...failure,
  });
}

function endedEarly(broker: BrokerState): BootcampError {
  const words = lastWords(broker);
  const folder = brokerFolder(broker.id);
  if (isDiskFull(folder, words)) return diskFull(folder);
  return new BootcampError("ENGINE_FAILED", `Kafka stopped while it started:\n${words || "it said nothing"}`, {
    where: broker.log,
    remedy: "if its data are damaged or of a newer Kafka, start empty with: npx alerts up --reset",
  });
}
