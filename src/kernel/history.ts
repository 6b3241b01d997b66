interface Entry {
  readonly line: number;
  readonly source: string;
  output: string | null;
}

/** The cells of this session, for consoles that search what was typed. Kept in memory alone. */
export class History {
  private readonly entries: Entry[] = [];

  add(line: number, source: string): void {
    this.entries.push({ line, source, output: null });
  }

  /** The value that the cell of that number showed. */
  result(line: number, text: string): void {
    const entry = this.entries.findLast((one) => one.line === line);
    if (entry) entry.output = text;
  }

  /** Answers a `history_request`: rows of session (always this one, 0), line, and source or [source, output]. */
  find(request: Record<string, any>): unknown[] {
    const { hist_access_type: access, output = false } = request;
    let found: readonly Entry[] = this.entries;
    if (access === "range") {
      const { start = 1, stop } = request;
      const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      found = found.filter(({ line }) => line >= start && line < to);
    } else if (access === "search") {
      const matches = pattern(String(request["pattern"] ?? "*"));
      found = found.filter(({ source }) => matches.test(source));
      if (request["unique"]) found = [...new Map(found.map((entry) => [entry.source, entry])).values()];
    }
    const { n } = request;
    if (access !== "range" && typeof n === "number") found = n > 0 ? found.slice(-n) : [];
    return found.map(({ line, source, output: value }) => [0, line, output ? [source, value] : source]);
  }
}

/** The protocol's patterns are those of file names: `*` for anything, `?` for one character. */
function pattern(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${escaped}$`);
}
