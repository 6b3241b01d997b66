import type { Consumer } from "./client/types";

/**
 * Watches whether a consumer still reads the topic it began with: one of the same name may have been made anew, with
 * offsets that mean other messages.
 *
 * Asked for when kafkajs could not read, joined anew, or went back. What remains: a topic made anew between two fetches,
 * without either failing, and filled beyond the position by then. And one that is as long again before it is read, when
 * the broker names no ids (before Kafka 2.8) or could not be asked.
 */
export class SameTopic {
  private id: string | undefined;
  private inDoubt = true;
  private checked: Promise<void> = Promise.resolve();
  private joined = false;
  private readonly fetching = new Set<number>();

  /**
   * @param ask the topic's id; undefined when it cannot be told
   * @param onOther called when the topic is another one now
   */
  constructor(
    private readonly ask: () => Promise<string | undefined>,
    private readonly onOther: () => void,
  ) {}

  /** Doubts when the consumer has joined again, or tries again to fetch what it could not. */
  watch(consumer: Pick<Consumer, "on" | "events">): void {
    consumer.on(consumer.events.GROUP_JOIN, () => {
      if (this.joined) this.doubt();
      this.joined = true;
    });
    consumer.on(consumer.events.FETCH_START, ({ payload: { nodeId } }) => {
      if (this.fetching.has(nodeId)) this.doubt();
      this.fetching.add(nodeId);
    });
    consumer.on(consumer.events.FETCH, ({ payload: { nodeId } }) => void this.fetching.delete(nodeId));
  }

  doubt(): void {
    this.inDoubt = true;
  }

  /** Resolves when there is no doubt, or the broker could not be asked. */
  settled(): Promise<void> {
    if (this.inDoubt) {
      this.inDoubt = false;
      this.checked = this.checked.then(() => this.check());
    }
    return this.checked;
  }

  /** Resolves when no question is under way. */
  quiet(): Promise<void> {
    return this.checked;
  }

  private async check(): Promise<void> {
    const id = await this.ask();
    if (id === undefined) return;
    const isOther = this.id !== undefined && this.id !== id;
    this.id = id;
    if (isOther) this.onOther();
  }
}
