import type { Socket } from "node:net";
import type { ISocketFactory, Kafka, KafkaConfig, logLevel as LogLevel, RetryOptions } from "kafkajs";
import { mendKafkajs } from "../../broker/mend-kafkajs";
import { seedBrokers } from "../../broker/seed-brokers";
import { type ConnectionOptions, connectionOf } from "./connection-settings";

type Kafkajs = typeof import("kafkajs") & { logLevel: typeof LogLevel };

/** As the brokers' logs and lists of group members show this program. */
export const clientId = "alert-bootcamp";

/**
 * kafkajs with its faults mended: whoever makes a client, a cluster or a connection of it takes it from here. Messages are
 * fetched by {@link fetchFrom} alone, so that it needs no compression but gzip. Loaded when it is needed: most of the library
 * works without Kafka.
 */
export function kafkajs(): Kafkajs {
  const library = require("kafkajs") as Kafkajs;
  mendKafkajs();
  return library;
}

/** For kafkajs's own classes: its messages repeat what our errors say, at length and on stdout. */
export function noLogger(): unknown {
  const { logLevel } = kafkajs();
  const { createLogger } = require("kafkajs/src/loggers") as { createLogger(options: object): unknown };
  return createLogger({ level: logLevel.NOTHING, logCreator: () => () => {} });
}

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
