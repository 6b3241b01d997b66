import { messageOf } from "../errors";
import { say } from "../terminal";

/**
 * Reads something from each item; an item whose damaged part is touched is left out, said with how many there are, and the rest is
 * drawn: one bad alert of a night is no reason for no picture.
 *
 * @param what what is drawn, for the sentence
 * @example
 * const placed = readable(alerts, (alert) => [alert.ra, alert.dec], "the sky map");
 */
export function readable<A, T>(items: readonly A[], read: (item: A) => T, what: string): T[] {
  let failed = 0;
  let first = "";
  const values = items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (failed++ === 0) first = messageOf(error);
      return [];
    }
  });
  if (failed > 0) say(`${what} leaves out ${failed} of ${items.length} that cannot be read: ${first}`);
  return values;
}
