/** A restart of a broker that is over so soon is not worth a line. */
const quietMs = 3000;
const sayEveryMs = 60_000;

/**
 * Keeps in mind which partitions cannot be read now and since when, and says so: after 3 s, once a minute while it lasts,
 * and when it is over.
 */
export class Outage {
  /** Why the last try failed; undefined while everything can be read. */
  error: unknown;
  private readonly lost = new Set<number>();
  private sinceMs = 0;
  private saidMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly topic: string,
    private readonly say: (line: string) => void,
  ) {}

  /** How long it has lasted, ms; 0 while there is none. */
  get ms(): number {
    return this.lost.size === 0 ? 0 : Date.now() - this.sinceMs;
  }

  /**
   * Partitions could not be read.
   * @param waitedMs how long the failed try had taken
   */
  note(partitions: readonly number[], error: unknown, waitedMs: number): void {
    if (this.lost.size === 0) {
      this.sinceMs = Date.now() - waitedMs;
      this.saidMs = 0;
      this.timer = setInterval(() => this.tell(), 1000);
      this.timer.unref();
    }
    for (const partition of partitions) this.lost.add(partition);
    this.error = error;
    this.tell();
  }

  /** Partitions could be read, or are not to be read any more. */
  over(partitions: Iterable<number>): void {
    if (this.lost.size === 0) return;
    for (const partition of partitions) this.lost.delete(partition);
    if (this.lost.size > 0) return;
    clearInterval(this.timer);
    this.error = undefined;
    if (this.saidMs > 0)
      this.say(`${this.topic}: Kafka is back after ${Math.round((Date.now() - this.sinceMs) / 1000)} s`);
  }

  /** Only these are read on. */
  keep(partitions: readonly number[]): void {
    this.over([...this.lost].filter((partition) => !partitions.includes(partition)));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tell(): void {
    const now = Date.now();
    if (now - this.sinceMs < quietMs || now - this.saidMs < sayEveryMs) return;
    this.saidMs = now;
    const since = new Date(this.sinceMs).toISOString().slice(0, 19);
    const why = this.error instanceof Error ? this.error.message : String(this.error);
    this.say(`${this.topic}: Kafka is lost since ${since} UTC (${why}); trying again`);
  }
}
