import type { BrokerAddress, BrokerConnection } from "./broker-connection";
import type { Cluster } from "./cluster";
import { findCoordinator } from "./group-requests";
import { isAnswer, kafkaCodes, protocolError } from "./protocol-error";
import { Retries, type Retrying } from "./retries";

type CoordinatorKind = "group" | "transaction";
const moved = new Set<unknown>([kafkaCodes.coordinatorNotAvailable, kafkaCodes.notCoordinator]);

/** Asks whoever looks after a group or a transactional id. */
export class Coordinators {
  private readonly addresses = new Map<string, BrokerAddress>();

  constructor(
    private readonly cluster: Cluster,
    private readonly retrying: Retrying,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Asks again while the answer is that it will pass, or nobody can be reached. When the answer is lost, this fails: the
   * request may still be on its way, and must not be taken for part of the next transaction.
   *
   * @throws also what Kafka says that does not pass, or has not passed for too long
   */
  ask<T>(kind: CoordinatorKind, key: string, work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    return this.retries().until(() => this.askOnce(kind, key, work));
  }

  /** Asks again also when the answer is lost. */
  askUntilAnswered<T>(kind: CoordinatorKind, key: string, work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    return this.retries().until(() =>
      this.askOnce(kind, key, work).catch((error) => {
        throw error instanceof AnswerLost ? error.cause : error;
      }),
    );
  }

  async askOnce<T>(kind: CoordinatorKind, key: string, work: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    const { cluster, addresses } = this;
    const name = `${kind} ${key}`;
    let broker: BrokerConnection | undefined;
    try {
      const address = addresses.get(name) ?? (await findCoordinator(await cluster.any(), key, kind));
      addresses.set(name, address);
      broker = await cluster.at(address);
      return await work(broker);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!isAnswer(error) || moved.has(code)) addresses.delete(name);
      // a topic that is not there, or has fewer partitions than it had: who asks must look anew
      if (code === kafkaCodes.topicAbsent) throw Object.assign(protocolError(code), { retriable: false });
      if (isAnswer(error) || !broker) throw error;
      broker.close();
      throw new AnswerLost(error);
    }
  }

  private readonly retries = () => new Retries(this.retrying, this.signal);
}

/** Nobody knows what became of a request. It passes for who begins anew, not by asking again. */
class AnswerLost extends Error {
  override readonly name = "KafkaJSAnswerLost";
  readonly retriable = false;

  constructor(cause: unknown) {
    super((cause as Error).message, { cause });
  }
}
