import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { allBrokersFolder, type BrokerState, brokerFolder, dataFolderOf } from "../../broker/engine-state";
import { isAlive } from "../../broker/process-alive";
import { BootcampError } from "../../errors";
import { privateFolder, writePrivate } from "../../private-files";
import { checkoutFile, engineHome, kafkaFolder } from "../paths";
import { commandLine, endProcess } from "../process/processes";
import { run } from "../process/programs";
import type { SecureSettings } from "../secure/config";
import { brokerProperties } from "./broker-config";
import { diskFull, isDiskFull } from "./disk-full";
import { outputOf, reasonIn } from "./last-words";

/**
 * Options of the JVM. 256 MB of heap carry messages of 10 MB; the serial collector and no cache of large direct buffers
 * keep the whole process below 500 MB resident, with messages of 10 MB going through.
 */
const JVM = [
  "-Xms64m",
  "-Xmx256m",
  "-XX:+UseSerialGC",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djdk.nio.maxCachedBufferSize=262144",
  "-Djava.awt.headless=true",
];

/**
 * Where and how Java is started for a broker. On Linux it spells the names of files as the locale says: with LC_ALL=C a
 * folder of other letters would be another folder.
 */
const placeOf = (id: number) => ({
  cwd: brokerFolder(id),
  env: process.platform === "linux" ? { ...process.env, LC_ALL: "C.UTF-8" } : process.env,
});

const classpath = () => join(kafkaFolder(), "libs", "*");

/** Names and places of broker `id`; ports as given. */
export function describeBroker(id: number, port: number, controllerPort: number): BrokerState {
  return {
    id,
    pid: 0,
    port,
    controllerPort,
    config: join(brokerFolder(id), "server.properties"),
    log: join(engineHome(), "logs", `kafka-${id}.log`),
  };
}

/** True while the process of this broker runs. A pid that belongs to something else by now does not count. */
export async function isRunning(broker: BrokerState): Promise<boolean> {
  return broker.pid > 0 && isAlive(broker.pid) && ((await commandLine(broker.pid))?.includes(broker.config) ?? false);
}

/** Writes the configuration of every broker and formats the folders that are new. */
export async function prepareBrokers(
  java: string,
  brokers: readonly BrokerState[],
  signal?: AbortSignal,
  secure?: SecureSettings,
): Promise<void> {
  privateFolder(join(engineHome(), "logs"));
  privateFolder(allBrokersFolder());
  const cluster = clusterId();
  await Promise.all(
    brokers.map(async (broker) => {
      privateFolder(brokerFolder(broker.id));
      // it may hold a password
      writePrivate(broker.config, brokerProperties(broker, brokers, secure));
      if (existsSync(join(dataFolderOf(broker.id), "meta.properties"))) return;
      // a format that was interrupted leaves a folder that Kafka refuses
      rmSync(dataFolderOf(broker.id), { recursive: true, force: true });
      const args = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath()];
      const tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", broker.config];
      const log = `-Dbootcamp.log=${join(engineHome(), "logs", `format-${broker.id}.log`)}`;
      const answer = await run(java, [...args, logging(), log, ...tool], { ...placeOf(broker.id), signal });
      if (answer?.code === 0) return;
      if (isDiskFull(brokerFolder(broker.id), `${answer?.stdout}\n${answer?.stderr}`))
        throw diskFull(brokerFolder(broker.id));
      throw new BootcampError(
        "ENGINE_FAILED",
        `Kafka could not prepare its folder:\n${reasonIn(`${answer?.stdout}\n${answer?.stderr}`)}`,
        {
          where: dataFolderOf(broker.id),
          remedy: "check the space and the rights of that folder, or start empty: npx alerts up --reset",
        },
      );
    }),
  );
}

/** Starts the process of a broker, detached from this one; its pid is written into `broker`. */
export function spawnBroker(java: string, broker: BrokerState): void {
  // what the JVM itself says; the broker's log starts afresh, so that an error shown is an error of this start
  rmSync(broker.log, { force: true });
  const output = openSync(outputOf(broker), "w", 0o600);
  const args = [
    ...JVM,
    ...(broker.jvm ?? []),
    "-cp",
    classpath(),
    logging(),
    `-Dbootcamp.log=${broker.log}`,
    "kafka.Kafka",
    broker.config,
  ];
  const child = spawn(java, args, { detached: true, stdio: ["ignore", output, output], ...placeOf(broker.id) });
  closeSync(output);
  child.on("error", () => {});
  child.unref();
  broker.pid = child.pid ?? 0;
}

/** Kafka writes its state within a few seconds. */
export const STOP_SECONDS = 20;

/** Ends the brokers that run, all at once, and waits for their end. */
export async function endBrokers(brokers: readonly BrokerState[]): Promise<number> {
  const ended = await Promise.all(
    brokers.map(async (broker) => ((await isRunning(broker)) ? endProcess(broker.pid, STOP_SECONDS) : "gone")),
  );
  return ended.filter((how) => how !== "gone").length;
}

/** Removes topics, groups and offsets of every broker, and their logs. */
export function emptyBrokers(): void {
  rmSync(allBrokersFolder(), { recursive: true, force: true });
}

/** Kafka will not open data of one cluster under the name of another, so the name stays with the data. */
function clusterId(): string {
  const file = join(allBrokersFolder(), "cluster.id");
  if (existsSync(file)) return readFileSync(file, "utf8");
  const id = randomBytes(16).toString("base64url");
  // an id that begins with "-" would be read as an option
  const safe = id.startsWith("-") ? `A${id.slice(1)}` : id;
  writePrivate(file, safe);
  return safe;
}

const logging = () => `-Dlog4j2.configurationFile=${checkoutFile("docker", "kafka", "log4j2.xml")}`;
