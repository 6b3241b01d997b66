/** Lets those who wait for a change go on when there is one. */
export class Wake {
  private waiting = new Set<() => void>();

  /** Something has changed. */
  now(): void {
    const { waiting } = this;
    this.waiting = new Set();
    for (const go of waiting) go();
  }

  /** Resolves at the next change, or after `ms`. */
  next(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.waiting.delete(go);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(go, ms);
      this.waiting.add(go);
    });
  }
}
