import type { logLevel as LogLevel } from "kafkajs";
import type { Connection } from "./connection-settings";
import { WireReader, WireWriter } from "./wire";

/** A broker's own address. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** An open request that has brought no byte for so long has failed: a firewall, or a host that is gone, says nothing. */
export const silenceMs = 8000;
const checkMs = 500;
/** A fetch is answered with what was asked for and one batch at most; a larger length is damage, or no Kafka. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** What is used of kafkajs's own class of a broker: making the connection, the login, the versions. */
interface KafkajsBroker {
  connect(): Promise<void>;
  versions: Record<number, { minVersion: number; maxVersion: number }>;
  connectionPool: { pool: { socket?: Socket; requestQueue: { destroy(): void; rejectAll(error: Error): void } }[] };
}

interface Socket {
  bytesRead: number;
  write(bytes: Buffer): boolean;
  destroy(): void;
  removeAllListeners(event: string): void;
  on(event: "data", listener: (chunk: Buffer) => void): void;
  on(event: "error" | "close" | "end", listener: (error?: Error) => void): void;
}

interface Pending {
  resolve: (answer: Buffer) => void;
  reject: (error: Error) => void;
}

/**
 * A connection to one broker that carries one request at a time. kafkajs opens it and logs in; then it is used here, so
 * that an answer is one buffer that each byte is copied into once, and silence is noticed.
 */
export class BrokerConnection {
  private pending: Pending | undefined;
  private failure: Error | undefined;
  private correlationId = 0;
  private readonly head = Buffer.alloc(4);
  private headLength = 0;
  private answer: Buffer | undefined;
  private filled = 0;
  private quietSince = performance.now();
  private bytesSeen = 0;
  private readonly watch: NodeJS.Timeout;

  private constructor(
    readonly address: string,
    private readonly broker: KafkajsBroker,
    private readonly socket: Socket,
  ) {
    socket.removeAllListeners("data");
    socket.on("data", (chunk) => this.take(chunk));
    for (const event of ["error", "close", "end"] as const) {
      socket.on(event, (error) => this.fail(lost(address, error?.message ?? "closed", error)));
    }
    this.watch = setInterval(() => this.checkSilence(), checkMs);
    this.watch.unref();
  }

  /** @throws what kafkajs says of the connection or the login, or silence */
  static async open(connection: Connection, { host, port }: BrokerAddress): Promise<BrokerConnection> {
    const address = `${host}:${port}`;
    const broker = kafkajsBroker(connection, { host, port });
    const close = () => {
      for (const { socket, requestQueue } of broker.connectionPool.pool) {
        requestQueue.rejectAll(lost(address, "closed"));
        requestQueue.destroy();
        socket?.destroy();
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(silent(address)), silenceMs);
    });
    try {
      const connected = broker.connect();
      connected.catch(() => {}); // heard by the race, if it still matters
      await Promise.race([connected, silence]);
      const { socket, requestQueue } = broker.connectionPool.pool[0]!;
      requestQueue.destroy();
      if (!socket) throw lost(address, "closed");
      return new BrokerConnection(address, broker, socket);
    } catch (error) {
      close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The newest of these versions of a request that the broker knows; undefined when it knows none. */
  version(apiKey: number, versions: readonly number[]): number | undefined {
    const range = this.broker.versions[apiKey];
    return versions.find((version) => range && version >= range.minVersion && version <= range.maxVersion);
  }

  /**
   * Sends a request; resolves to the body of the answer, which nobody else holds.
   *
   * @param isFlexible this version has the header with tagged fields
   */
  request(apiKey: number, version: number, isFlexible: boolean, body: Buffer): Promise<WireReader> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.pending) throw new Error("Expected one request at a time on a connection");
    const rest = new WireWriter()
      .int16(apiKey)
      .int16(version)
      .int32(++this.correlationId)
      .string("alert-bootcamp", false)
      .tags(isFlexible)
      .raw(body)
      .end();
    return new Promise<Buffer>((resolve, reject) => {
      this.pending = { resolve, reject };
      this.quietSince = performance.now();
      this.socket.write(new WireWriter().int32(rest.length).raw(rest).end());
    }).then((answer) => {
      const reader = new WireReader(answer);
      if (reader.int32() !== this.correlationId) throw lost(this.address, "it answered another question");
      reader.tags(isFlexible);
      return reader;
    });
  }

  close(): void {
    this.fail(lost(this.address, "closed here"));
  }

  private take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (!this.answer) {
        while (this.headLength < 4 && at < chunk.length) this.head[this.headLength++] = chunk[at++]!;
        if (this.headLength < 4) return;
        const length = this.head.readInt32BE(0);
        if (length < 4 || length > maxAnswerBytes) {
          this.fail(lost(this.address, `an answer of ${length} bytes`));
          return;
        }
        this.answer = Buffer.allocUnsafeSlow(length);
        this.headLength = this.filled = 0;
      }
      const part = Math.min(chunk.length - at, this.answer.length - this.filled);
      chunk.copy(this.answer, this.filled, at, at + part);
      this.filled += part;
      at += part;
      if (this.filled < this.answer.length) return;
      const whole = this.answer;
      this.answer = undefined;
      const { pending } = this;
      this.pending = undefined;
      pending?.resolve(whole);
    }
  }

  private checkSilence(): void {
    const { bytesRead } = this.socket;
    if (bytesRead !== this.bytesSeen || !this.pending) {
      this.bytesSeen = bytesRead;
      this.quietSince = performance.now();
    } else if (performance.now() - this.quietSince > silenceMs) this.fail(silent(this.address));
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    clearInterval(this.watch);
    this.answer = undefined;
    this.socket.destroy();
    this.pending?.reject(error);
    this.pending = undefined;
  }
}

const lost = (address: string, why: string, cause?: Error): Error =>
  Object.assign(new Error(`Connection to ${address} lost: ${why}`, { cause }), { name: "KafkaJSConnectionError" });

const silent = (address: string): Error =>
  Object.assign(new Error(`Expected ${address} to answer within ${silenceMs / 1000} s, it stays silent`), {
    name: "KafkaJSConnectionError",
    code: "ETIMEDOUT",
  });

function kafkajsBroker(connection: Connection, address: BrokerAddress): KafkajsBroker {
  const { logLevel } = require("kafkajs") as { logLevel: typeof LogLevel };
  const { createLogger } = require("kafkajs/src/loggers") as { createLogger(options: object): unknown };
  const socketFactory = require("kafkajs/src/network/socketFactory") as () => unknown;
  const ConnectionPool = require("kafkajs/src/network/connectionPool") as new (options: object) => object;
  const Broker = require("kafkajs/src/broker") as new (options: object) => KafkajsBroker;
  const logger = createLogger({ level: logLevel.NOTHING, logCreator: () => () => {} });
  const { ssl, sasl } = connection.settings;
  const connectionPool = new ConnectionPool({
    ...address,
    logger,
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
    clientId: "alert-bootcamp",
    socketFactory: socketFactory(),
    connectionTimeout: 5000,
    requestTimeout: silenceMs,
    reauthenticationThreshold: 10_000,
  });
  return new Broker({ connectionPool, logger, authenticationTimeout: silenceMs, allowAutoTopicCreation: false });
}
