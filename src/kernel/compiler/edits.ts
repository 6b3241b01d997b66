/** Where two edits touch the same place: what ends there comes before what begins there. */
enum Rank {
  close,
  after,
  guard,
  open,
  replace,
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly rank: Rank;
}

/** Changes to a text, collected in any order and made at once. No edit adds a line, so that line numbers stay. */
export class Edits {
  private readonly edits: Edit[] = [];

  /** Puts something around a range; of two that begin or end at one place, the outer one is given first. */
  wrap(from: number, to: number, before: string, after: string): void {
    this.edits.push({ from, to: from, text: before, rank: Rank.open });
    // before those that were given earlier
    this.edits.unshift({ from: to, to, text: after, rank: Rank.close });
  }

  /** Puts a statement before one. */
  before(at: number, text: string): void {
    this.edits.push({ from: at, to: at, text, rank: Rank.guard });
  }

  /** Puts something behind what ends here. */
  after(at: number, text: string): void {
    this.edits.push({ from: at, to: at, text, rank: Rank.after });
  }

  replace(from: number, to: number, text: string): void {
    this.edits.push({ from, to, text, rank: Rank.replace });
  }

  /** Takes a range out; its line ends stay. */
  blank(from: number, to: number, source: string): void {
    this.replace(from, to, source.slice(from, to).replace(/[^\n]/g, ""));
  }

  /** The text from `start` on, with all edits. */
  apply(source: string, start: number): string {
    // the sort is stable
    const sorted = [...this.edits].sort((a, b) => a.from - b.from || a.rank - b.rank);
    let out = "";
    let at = start;
    for (const { from, to, text } of sorted) {
      if (from < at) continue; // inside of what was taken out
      out += source.slice(at, from) + text;
      at = to;
    }
    return out + source.slice(at);
  }
}
