import { isBootcampError, messageOf } from "../errors";
import { say } from "../terminal";

/** Failures that are said in full; an archive may hold a million. */
const shown = 20;

/** Says the first failures as they come, and at the end how many more there were of which kind. */
export class FailureLines {
  count = 0;
  readonly #rest = new Map<string, number>();

  /** @param where its place, for errors that do not name it */
  add(error: unknown, where?: string): void {
    if (++this.count <= shown) {
      say(`alerts: ${where === undefined ? "" : `${where}: `}${messageOf(error)}`);
      return;
    }
    const kind = isBootcampError(error) ? error.code : "other";
    this.#rest.set(kind, (this.#rest.get(kind) ?? 0) + 1);
  }

  end(): void {
    if (this.count <= shown) return;
    const kinds = [...this.#rest].map(([kind, count]) => `${count} ${kind}`).join(", ");
    say(`alerts: and ${this.count - shown} more: ${kinds}`);
  }
}
