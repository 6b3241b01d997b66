import { openSocket, type ReceivingSocket } from "./broker-socket";
import type { Connection } from "./connection-settings";
import { clientId, noLogger } from "./kafkajs";
import { type VersionRange, versionError } from "./protocol-error";
import { WireReader, WireWriter } from "./wire";

/** A broker's own address. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** An open request that has brought no byte for so long has failed: a firewall, or a host that is gone, says nothing. */
export const silenceMs = 8000;
/** Code of the error for it. */
export const silenceCode = "SILENT";
/** Longer, so that silence is noticed here: kafkajs would ask in older forms. */
const kafkajsMs = 2 * silenceMs;
const checkMs = 500;
/** Where the parts of a request stand that are looked at here, behind its length. */
const [apiKeyAt, apiVersionAt, correlationAt] = [4, 6, 8];
/** A fetch is answered with what was asked for and one batch at most; a larger length is damage, or no Kafka. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** What is used of kafkajs's own class of a broker: making the connection, the login, the versions. */
interface KafkajsBroker {
  connect(): Promise<void>;
  versions: Record<number, VersionRange>;
  connectionPool: {
    pool: { socket?: ReceivingSocket; requestQueue: { destroy(): void; rejectAll(error: Error): void } }[];
  };
}

interface Pending {
  resolve: (answer: Buffer) => void;
  reject: (error: Error) => void;
}

/**
 * A connection to one broker; it answers requests in their order. kafkajs opens it and logs in; then it is used here, so
 * that a request and an answer are one buffer each, whose bytes are copied once, and silence is noticed.
 */
export class BrokerConnection {
  private pending: Pending[] = [];
  private failure: Error | undefined;
  private correlationId = 0;
  private readonly head = Buffer.alloc(4);
  private headLength = 0;
  private answer: Buffer | undefined;
  private filled = 0;
  private quietSince = performance.now();
  private moved = "";
  private readonly watch: NodeJS.Timeout;

  private constructor(
    readonly address: string,
    private readonly broker: KafkajsBroker,
    private readonly socket: ReceivingSocket,
    private readonly silenceMs: number,
  ) {
    socket.receive((chunk) => this.take(chunk));
    for (const event of ["error", "close", "end"] as const) {
      socket.on(event, (error?: Error) => this.fail(lost(address, error?.message ?? "closed", error)));
    }
    this.watch = setInterval(() => this.checkSilence(), checkMs);
    this.watch.unref();
  }

  /**
   * @param answersWithinMs see {@link silenceMs}, for requests that a broker may take longer to answer, or who waits less
   * @param signal gives up while it is being opened
   * @throws what kafkajs says of the connection or the login, or silence
   */
  static async open(
    connection: Connection,
    { host, port }: BrokerAddress,
    answersWithinMs = silenceMs,
    signal?: AbortSignal,
  ): Promise<BrokerConnection> {
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
    let stop = () => {};
    const silence = new Promise<never>((_, reject) => {
      const limitMs = Math.min(silenceMs, answersWithinMs);
      timer = setTimeout(() => reject(silent(address, limitMs)), limitMs);
      stop = () => reject(lost(address, "closed here"));
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    });
    try {
      const connected = broker.connect();
      connected.catch(() => {}); // heard by the race, if it still matters
      await Promise.race([connected, silence]);
      const { socket, requestQueue } = broker.connectionPool.pool[0]!;
      requestQueue.destroy();
      if (!socket) throw lost(address, "closed");
      return new BrokerConnection(address, broker, socket, answersWithinMs);
    } catch (error) {
      close();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  /** False once it was lost or closed. */
  get isOpen(): boolean {
    return this.failure === undefined;
  }

  /** Whether the broker knows a version of a request. */
  knows(apiKey: number, version: number): boolean {
    const range = this.broker.versions[apiKey];
    return range !== undefined && version >= range.minVersion && version <= range.maxVersion;
  }

  /**
   * The first of these versions of a request that the broker knows.
   * @throws KAFKA_REFUSED when it knows none, with the release that is needed
   */
  version(apiKey: number, versions: readonly number[]): number {
    const known = versions.find((version) => this.knows(apiKey, version));
    if (known === undefined) throw versionError(this.address, apiKey, versions, this.broker.versions);
    return known;
  }

  /**
   * Sends a request; resolves to the body of the answer, which nobody else holds.
   *
   * @param isFlexible this version has the header with tagged fields
   */
  async request(apiKey: number, version: number, isFlexible: boolean, body: Buffer): Promise<WireReader> {
    const rest = new WireWriter()
      .int16(apiKey)
      .int16(version)
      .int32(0) // the correlation id
      .string(clientId, false)
      .tags(isFlexible)
      .raw(body)
      .end();
    const reader = await this.exchange(new WireWriter().int32(rest.length).raw(rest).end());
    reader.tags(isFlexible);
    return reader;
  }

  /**
   * Sends a request that is put together already, with its length and header; several may be under way.
   *
   * @param request its correlation id is written here; the buffer must stay as it is until the answer comes
   * @throws KAFKA_REFUSED when the broker does not know it, which would close the connection
   */
  async exchange(request: Buffer): Promise<WireReader> {
    if (this.failure) throw this.failure;
    this.version(request.readInt16BE(apiKeyAt), [request.readInt16BE(apiVersionAt)]);
    const id = ++this.correlationId;
    request.writeInt32BE(id, correlationAt);
    const answer = await new Promise<Buffer>((resolve, reject) => {
      if (this.pending.length === 0) this.quietSince = performance.now();
      this.pending.push({ resolve, reject });
      this.socket.write(request);
    });
    const reader = new WireReader(answer);
    if (reader.int32() !== id) throw lost(this.address, "it answered another question");
    return reader;
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
      this.pending.shift()?.resolve(whole);
    }
  }

  private checkSilence(): void {
    const { bytesRead, writableLength } = this.socket;
    const moved = `${bytesRead} ${writableLength}`; // what is still being written is no silence
    if (moved !== this.moved || this.pending.length === 0) {
      this.moved = moved;
      this.quietSince = performance.now();
    } else if (performance.now() - this.quietSince > this.silenceMs) {
      this.fail(silent(this.address, this.silenceMs));
    }
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    clearInterval(this.watch);
    this.answer = undefined;
    this.socket.destroy();
    for (const { reject } of this.pending) reject(error);
    this.pending = [];
  }
}

const lost = (address: string, why: string, cause?: Error): Error =>
  Object.assign(new Error(`Connection to ${address} lost: ${why}`, { cause }), { name: "KafkaJSConnectionError" });

const silent = (address: string, ms: number): Error =>
  Object.assign(new Error(`Expected ${address} to answer within ${ms / 1000} s, it stays silent`), {
    name: "KafkaJSConnectionError",
    code: silenceCode,
  });

function kafkajsBroker(connection: Connection, address: BrokerAddress): KafkajsBroker {
  const logger = noLogger();
  const ConnectionPool = require("kafkajs/src/network/connectionPool") as new (options: object) => object;
  const Broker = require("kafkajs/src/broker") as new (options: object) => KafkajsBroker;
  const { ssl, sasl } = connection.settings;
  const connectionPool = new ConnectionPool({
    ...address,
    logger,
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
    clientId,
    socketFactory: openSocket,
    connectionTimeout: 5000,
    requestTimeout: kafkajsMs,
    reauthenticationThreshold: 10_000,
  });
  return new Broker({ connectionPool, logger, authenticationTimeout: kafkajsMs, allowAutoTopicCreation: false });
}
