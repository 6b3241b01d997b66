/** How many messages a job may still read: some are under way until it is known what became of them. */
export class MessageLimit {
  private taken = 0;
  private finished = 0;

  constructor(private readonly limit: number) {}

  /** So many more may be taken. */
  get room(): number {
    return this.limit - this.taken;
  }

  get isReached(): boolean {
    return this.finished >= this.limit;
  }

  /** Takes messages; exactly one of `done` and `giveBack` is to be called when their fate is known. */
  take(count: number) {
    this.taken += count;
    let held = count;
    const keep = (fewer: number) => {
      this.taken -= held - fewer;
      held = fewer;
    };
    return {
      /** Only so many of them are needed. */
      keep,
      done: () => {
        this.finished += held;
      },
      giveBack: () => keep(0),
    };
  }
}
