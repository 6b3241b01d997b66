import type { BrokerConnection } from "./broker-connection";
import { protocolError } from "./protocol-error";
import type { BatchProducer } from "./record-batch-writer";
import { WireWriter } from "./wire";

const apiKey = 22;
const versions = [1, 0];

/**
 * Gets a producer id, by which Kafka knows a batch that is sent again (KIP-98).
 *
 * @throws CLUSTER_AUTHORIZATION_FAILED for who may write nothing
 */
export async function initProducer(broker: BrokerConnection): Promise<BatchProducer> {
  const version = broker.version(apiKey, versions);
  const question = new WireWriter().int16(-1).int32(0); // no transactional id, so no time-out of transactions
  const answer = await broker.request(apiKey, version, false, question.end());
  answer.int32(); // throttle time
  const code = answer.int16();
  if (code !== 0) throw protocolError(code);
  return { id: answer.int64(), epoch: answer.int16() };
}
