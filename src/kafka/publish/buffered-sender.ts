import { usageError } from "../../errors";
import { type ConnectionOptions, kafkaError } from "../client/connection";
import { MessageSender, type Outgoing } from "../client/message-sender";
import { maxMessageBytes, sizeOf } from "../client/record";

/** Bytes that are gathered before they are sent: enough for several batches side by side. */
const gatheredBytes = 8_000_000;

/** Takes messages for a topic one by one, sends them in batches, and counts what is acknowledged. */
export class BufferedSender {
  messages = 0;
  /** Of the values. */
  bytes = 0;
  private sender: MessageSender | undefined;
  private taken: Outgoing[] = [];
  private takenBytes = 0;

  constructor(
    private readonly topic: string,
    private readonly options: ConnectionOptions,
  ) {}

  /** The topic must be there. */
  async connect(): Promise<void> {
    const { bootstrap, profile } = this.options;
    this.sender = await this.safely(() => MessageSender.open({ topic: this.topic, bootstrap, profile }));
  }

  /** How many were taken and not sent yet. */
  get waiting(): number {
    return this.taken.length;
  }

  /** @throws USAGE for a message larger than Kafka takes here, and the errors of Kafka */
  async add(message: Outgoing): Promise<void> {
    const length = message.value?.length ?? 0;
    if (length > maxMessageBytes) throw usageError(`alerts of at most ${maxMessageBytes / 1e6} MB`, length);
    const size = sizeOf(message);
    if (this.takenBytes > 0 && this.takenBytes + size > gatheredBytes) await this.flush();
    this.taken.push(message);
    this.takenBytes += size;
  }

  /** Sends what was taken and waits until it is acknowledged. */
  async flush(): Promise<void> {
    const { sender, taken } = this;
    if (!sender || taken.length === 0) return;
    this.taken = []; // also when sending fails: a part of it may be stored
    this.takenBytes = 0;
    await this.safely(() =>
      sender.send(taken, (count, bytes) => {
        this.messages += count;
        this.bytes += bytes;
      }),
    );
  }

  close(): void {
    this.sender?.close(); // every batch was awaited
  }

  private async safely<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await kafkaError(error, this.options, { topic: this.topic, writes: true });
    }
  }
}
