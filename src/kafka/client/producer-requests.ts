import type { BrokerConnection } from "./broker-connection";
import { groupBy } from "./produce-request";
import { partitionCodes, throwIfRefused } from "./protocol-error";
import type { BatchProducer } from "./record-batch-writer";
import { type WireReader, WireWriter } from "./wire";

/** What a producer asks beside storing: numbers and versions of the requests, which Kafka 1.0 to 4.x know (KIP-98). */
const apis = {
  initProducerId: { key: 22, versions: [1, 0] },
  addPartitions: { key: 24, versions: [1, 0] },
  addOffsets: { key: 25, versions: [1, 0] },
  endTransaction: { key: 26, versions: [1, 0] },
  commitOffset: { key: 28, versions: [2] },
};

/** The code for what was not tried since another part of the request was refused. */
const notAttempted = 55;

/** Who has a transactional id now. */
export interface Transactional {
  readonly id: string;
  readonly producer: BatchProducer;
}

/** A partition that a transaction writes to. */
export interface TransactionPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A committed offset of a group. */
export interface GroupOffset extends TransactionPartition {
  readonly group: string;
  readonly offset: bigint;
  readonly metadata: string;
}

/**
 * Gets a producer id, by which Kafka knows a batch that is sent again.
 *
 * With a transactional id this turns away whoever had it, and has what was left open aborted; the coordinator gives it out
 * once that is settled.
 *
 * @param transactional `timeoutMs`: a transaction that is open for longer is aborted
 * @throws CONCURRENT_TRANSACTIONS while markers are being written; CLUSTER_AUTHORIZATION_FAILED for who may write nothing
 */
export async function initProducer(
  broker: BrokerConnection,
  transactional?: { id: string; timeoutMs: number },
): Promise<BatchProducer> {
  const question = new WireWriter().nullableString(transactional?.id).int32(transactional?.timeoutMs ?? 0);
  const answer = await ask(broker, apis.initProducerId, question);
  throwIfRefused(answer.int16());
  return { id: answer.int64(), epoch: answer.int16() };
}

/** The transaction is to write to these partitions. To be asked of its coordinator. */
export async function addPartitions(
  broker: BrokerConnection,
  transactional: Transactional,
  partitions: readonly TransactionPartition[],
): Promise<void> {
  const byTopic = groupBy(partitions, ({ topic }) => topic);
  const question = header(transactional);
  question.array(false, [...byTopic], ([topic, some]) => {
    question.string(topic, false).array(false, some, ({ partition }) => void question.int32(partition));
  });
  expectNones(await ask(broker, apis.addPartitions, question), partitions);
}

/** The transaction is to commit offsets of this group. To be asked of its coordinator. */
export async function addOffsets(broker: BrokerConnection, transactional: Transactional, group: string): Promise<void> {
  const question = header(transactional).string(group, false);
  throwIfRefused((await ask(broker, apis.addOffsets, question)).int16());
}

/** The offset counts once the transaction is committed. To be asked of the group's coordinator. */
export async function commitOffset(
  broker: BrokerConnection,
  { id, producer }: Transactional,
  { group, topic, partition, offset, metadata }: GroupOffset,
): Promise<void> {
  const question = new WireWriter().string(id, false).string(group, false).int64(producer.id).int16(producer.epoch);
  question.array(false, [topic], (name) => {
    question.string(name, false).int32(1).int32(partition).int64(offset);
    question.int32(-1).string(metadata, false); // no epoch of the leader
  });
  expectNones(await ask(broker, apis.commitOffset, question), [{ topic, partition }]);
}

/** Commits the transaction, or aborts it. To be asked of its coordinator. */
export async function endTransaction(
  broker: BrokerConnection,
  transactional: Transactional,
  isCommit: boolean,
): Promise<void> {
  const question = header(transactional).int8(isCommit ? 1 : 0);
  throwIfRefused((await ask(broker, apis.endTransaction, question)).int16());
}

const header = ({ id, producer }: Transactional): WireWriter =>
  new WireWriter().string(id, false).int64(producer.id).int16(producer.epoch);

async function ask(
  broker: BrokerConnection,
  { key, versions }: { key: number; versions: readonly number[] },
  question: WireWriter,
): Promise<WireReader> {
  const version = broker.version(key, versions);
  const answer = await broker.request(key, version, false, question.end());
  answer.int32(); // throttle time
  return answer;
}

/** Of several refusals the one is thrown that says why. */
function expectNones(answer: WireReader, asked: readonly TransactionPartition[]): void {
  const refused = partitionCodes(answer, asked).filter((code) => code !== 0);
  throwIfRefused(refused.find((code) => code !== notAttempted) ?? refused[0] ?? 0);
}
