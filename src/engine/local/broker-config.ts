import { type BrokerState, DATA_FOLDER } from "../../broker/engine-state";
import { LOOPBACK } from "../process/ports";
import type { SecureSettings } from "../secure/config";

/**
 * Largest message that a topic takes, in bytes. Rubin packets with a long history exceed Kafka's default of 1 MB; the
 * bootcamp promises 10 MB, and a record batch carries some overhead on top of its message.
 */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024 + 64 * 1024;

/** How long the places of a group that rests are kept. */
const OFFSETS_RETENTION_MINUTES = 10 * 365 * 24 * 60;

/**
 * Configuration of one broker that is its own controller (KRaft, combined mode). Everything listens on the loopback
 * address. Settings that only save memory or time on one machine carry their reason here, since Kafka's defaults are
 * meant for a cluster.
 */
export function brokerProperties(
  broker: BrokerState,
  cluster: readonly BrokerState[],
  secure?: SecureSettings,
): string {
  const doors = secure ? `,${secure.doors}` : "";
  const several = cluster.length >= 3;
  const copies = several ? 3 : 1;
  const inSync = several ? 2 : 1;
  return toProperties({
    "process.roles": "broker,controller",
    "node.id": broker.id,
    // static voters: the ports of controllers may differ at every start, which a dynamic quorum would have to be told
    "controller.quorum.voters": cluster.map((b) => `${b.id}@${LOOPBACK}:${b.controllerPort}`).join(","),
    listeners: `PLAINTEXT://${LOOPBACK}:${broker.port},CONTROLLER://${LOOPBACK}:${broker.controllerPort}${doors}`,
    "advertised.listeners": `PLAINTEXT://${LOOPBACK}:${broker.port}${doors}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
    // within the folder that the process is started in: a comma in a longer path would divide it into two
    "log.dirs": DATA_FOLDER,

    "message.max.bytes": MAX_MESSAGE_BYTES,
    "replica.fetch.max.bytes": MAX_MESSAGE_BYTES,
    "fetch.max.bytes": 64 * 1024 * 1024,
    "socket.request.max.bytes": 128 * 1024 * 1024,

    // a mistyped topic is an error that names it, not a new empty topic
    "auto.create.topics.enable": false,
    "num.partitions": 4,
    "default.replication.factor": copies,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": inSync,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": inSync,
    // 50 partitions each by default, every one with its files and its time to load
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    // ten years: after seven days of rest, Kafka's default, the same filter would select everything once more into a topic
    // that may be kept for ever
    "offsets.retention.minutes": OFFSETS_RETENTION_MINUTES,

    // room for the keys of Kafka's own small topics; the default is 128 MB, all of it touched at start
    "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
    // segments of 1 GB would keep the deleted alerts of a lesson on disk
    "log.segment.bytes": 256 * 1024 * 1024,
    // a lesson started again deletes and makes its topic; the files must not stay for a minute
    "log.segment.delete.delay.ms": 1000,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "background.threads": 4,
    // without it the next start waits until the session of the broker before has run out
    "controlled.shutdown.enable": true,
    // how long that wait is after a broker was killed, and how long a cluster takes to notice one; 9 s by default
    "broker.session.timeout.ms": 5000,
    "broker.heartbeat.interval.ms": 1000,

    ...secure?.properties,
  });
}

function toProperties(values: Record<string, string | number | boolean>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${escaped(String(value))}`);
  return `# Written by "alerts up" at every start; edits are lost.\n${lines.join("\n")}\n`;
}

/** A backslash begins an escape in this format, and Java reads it as Latin-1: a folder may have any letters. */
function escaped(value: string): string {
  const code = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return value.replaceAll("\\", "\\\\").replace(/[^ -~]/g, code);
}
