import type { Socket } from "node:net";
import type { ISocketFactory, Kafka, KafkaConfig, RetryOptions } from "kafkajs";
import { sayDoubt } from "../../broker/address";
import { seedBrokers } from "../../broker/seed-brokers";
import { BootcampError } from "../../errors";
import { Admin } from "./admin";
import { brokerOf, type ConnectionOptions, connectionOf } from "./connection-settings";
import { type CallSubject, explainKafkaError } from "./errors";
import { clientId, kafkajs } from "./kafkajs";

export { type ConnectionOptions, expectOwnBroker } from "./connection-settings";

/** Largest message, bytes: Rubin packets with long histories pass Kafka's default of 1 MB. */
export const maxMessageBytes = 10_000_000;

/**
 * The sockets of a client, which can all be closed at once and for good. kafkajs goes on connecting for a minute when a
 * client is closed while Kafka is away, and would join its group again should Kafka return.
 */
export class Sockets {
  isClosed = false;
  /** What makes a socket; default: kafkajs's own way. */
  usual: ISocketFactory | undefined;
  private readonly open = new Set<Socket>();

  readonly factory: ISocketFactory = (settings) => {
    if (this.isClosed) throw new Error("this client was closed");
    this.usual ??= (require("kafkajs/src/network/socketFactory") as () => ISocketFactory)();
    const socket = this.usual(settings);
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    return socket;
  };

  close(): void {
    this.isClosed = true;
    // with an error: without one kafkajs does not hear that the socket is gone, and waits for its answers
    for (const socket of this.open) socket.destroy(new Error("this client was closed"));
  }
}

/** The address a call with these options talks to. */
export const addressOf = (options: ConnectionOptions): string => connectionOf(options).address;

/**
 * A kafkajs client, which outlasts the restart of a broker.
 *
 * @param sockets takes the client's connections, to close them whatever it is doing
 */
export function kafkaClient(options: ConnectionOptions, sockets = new Sockets()): Kafka {
  const { Kafka, logLevel } = kafkajs();
  const { address, settings } = connectionOf(options);
  const { brokers, socketFactory } = seedBrokers(address);
  sockets.usual = socketFactory;
  const config: KafkaConfig = {
    ...settings,
    clientId,
    brokers,
    // its messages repeat what our errors say, at length and on stdout
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    // what waits for a copy on a host that is lost is answered when the controller has noticed: 9 s by default
    requestTimeout: 15_000,
    socketFactory: sockets.factory,
    retry: retryUntilClosed(sockets),
  };
  return new Kafka(config);
}

/** When kafkajs tries again, and that it gives up at once when the sockets are closed. Consumers need it said once more. */
export function retryUntilClosed(sockets: Sockets): RetryOptions {
  // kafkajs compares with it before each try: a number that becomes 0 ends those that are under way
  const retries = { valueOf: () => (sockets.isClosed ? 0 : 12) } as unknown as number;
  return { initialRetryTime: 200, maxRetryTime: 5000, retries };
}

/** A question that is under way when the signal comes has so long to be answered. */
const graceMs = 1500;

/**
 * Connects to a cluster for the duration of `work`.
 *
 * @param options also the topic and the group that `work` is about, for its errors, and a signal that ends it
 * @throws the errors of {@link kafkaError}; ABORTED
 */
export async function withAdmin<T>(
  options: ConnectionOptions & CallSubject & { signal?: AbortSignal | undefined },
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  const admin = new Admin(connectionOf(options));
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    timer = setTimeout(() => admin.close(), graceMs);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await admin.connect();
    sayDoubt(brokerOf(options));
    return await work(admin);
  } catch (error) {
    if (admin.cluster.isClosed) throw new BootcampError("ABORTED", "Stopped on request");
    throw await kafkaError(error, options, options);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    admin.close();
  }
}

/**
 * The error of a call in one sentence: KAFKA_UNREACHABLE, KAFKA_TLS, KAFKA_LOGIN, TOPIC_ABSENT, TOPIC_FORBIDDEN,
 * GROUP_FORBIDDEN, or KAFKA_REFUSED for what has no name here.
 */
export const kafkaError = (
  error: unknown,
  options: ConnectionOptions,
  about: CallSubject = {},
): Promise<BootcampError> => explainKafkaError(error, connectionOf(options), about);
