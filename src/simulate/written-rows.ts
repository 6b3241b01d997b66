/** Rows that are kept, some hundred bytes each. */
const most = 100_000;

/** Encoded rows by name: alerts of one object repeat them in their histories. Emptied when it has grown. */
export class WrittenRows {
  private readonly rows = new Map<string, Buffer>();

  /** The row of that name, made when it is not there. */
  once(name: string, make: () => Buffer): Buffer {
    let row = this.rows.get(name);
    if (!row) {
      if (this.rows.size > most) this.rows.clear();
      this.rows.set(name, (row = make()));
    }
    return row;
  }
}
