import { describe, expect, it } from "vitest";
import { JobBooks } from "./books";
import type { Decided } from "./decide";
import type { Outcome } from "./outcome";

const filters = ["a", "b"].map((name) => ({ name, topic: name, accepts: () => true }));
const about = { topic: "in", deadTopic: "in.dead", group: "g", interrupted: false, reachedEnd: true };
const messages = (length: number) => Array.from({ length }, () => ({ key: null, value: null, headers: {} }));
const outcome = (values: { rejected?: number; capped?: number; thrown?: number; selected?: number }): Outcome => ({
  rejected: values.rejected ?? 0,
  capped: values.capped ?? 0,
  letters: messages(values.thrown ?? 0),
  selected: messages(values.selected ?? 0),
});
/** A chunk with one message that cannot be decoded. */
const chunk = (read: number, ...outcomes: (Outcome | undefined)[]): Decided => ({
  read,
  alerts: [],
  slow: new Map(),
  unanswered: new Set(),
  pending: new Set(outcomes.flatMap((one, n) => (one ? [] : [n]))),
  undecodable: messages(1),
  outcomes,
  ms: outcomes.map(() => 0),
  looked: outcomes.map(() => read),
  leaving: [],
  release: () => {},
});

describe("JobBooks", () => {
  it("balances when every chunk that was read is done", () => {
    const books = new JobBooks(filters, () => {});
    const first = chunk(10, outcome({ rejected: 5, capped: 1, selected: 3 }), outcome({ rejected: 9 }));
    const second = chunk(4, outcome({ rejected: 3 }), outcome({ thrown: 3 }));
    for (const [partition, decided] of [
      [1, first],
      [0, second],
      [1, second],
    ] as const) {
      books.begin(partition, decided);
      books.done(partition, decided);
    }
    const report = books.report(about);
    expect(report).toMatchObject({ read: 18, undecodable: 3, transactions: 3, balanced: true });
    expect(report.filters[0]).toMatchObject({ read: 18, selected: 3, rejected: 11, capped: 1, dead: 3, pending: 0 });
    expect(report.partitions.map(({ partition, filter, read }) => [partition, filter, read])).toEqual([
      [0, "a", 4],
      [0, "b", 4],
      [1, "a", 14],
      [1, "b", 14],
    ]);
  });

  it("says what is pending, and takes back what will be read again", () => {
    const books = new JobBooks(filters, () => {});
    const decided = chunk(10, outcome({ rejected: 9 }), outcome({ rejected: 9 }));
    books.begin(0, decided);
    expect(books.report(about)).toMatchObject({ balanced: false, read: 10 });
    expect(books.report(about).partitions[0]).toMatchObject({ read: 10, pending: 10 });
    books.undo(0, decided);
    expect(books.report(about)).toMatchObject({ balanced: true, read: 0 });
  });

  it("does not balance when a filter has not accounted for every alert", () => {
    const books = new JobBooks(filters, () => {});
    const decided = chunk(10, outcome({ rejected: 9 }), outcome({ rejected: 8 }));
    books.begin(0, decided);
    books.done(0, decided);
    const report = books.report(about);
    expect(report.balanced).toBe(false);
    expect(report.filters.map(({ pending }) => pending)).toEqual([0, 1]);
  });

  it("holds what a filter left behind has not decided as pending, and says so once", () => {
    const said: string[] = [];
    const books = new JobBooks(filters, (line) => said.push(line));
    for (let n = 0; n < 2; n++) {
      const decided = chunk(10, outcome({ rejected: 9 }), n === 0 ? outcome({ rejected: 9 }) : undefined);
      books.begin(0, decided);
      if (n === 1) books.leaveBehind(1, "50.0 ms per alert");
      books.done(0, decided);
    }
    books.leaveBehind(1, "again");
    expect(said).toEqual(['filter "b" is left behind, so that the others need not wait: 50.0 ms per alert']);
    expect(books.report(about)).toMatchObject({ balanced: false });
    expect(books.report(about).filters.map(({ pending, leftBehind }) => [pending, leftBehind])).toEqual([
      [0, null],
      [10, "50.0 ms per alert"],
    ]);
  });

  it("says with the way out that the cap left alerts out, and nothing when it did not", () => {
    const said: string[] = [];
    const books = new JobBooks(filters, (line) => said.push(line));
    const enter = (...outcomes: Outcome[]) => {
      const decided = chunk(outcomes.length === 0 ? 1 : 10, ...outcomes);
      books.begin(0, decided);
      books.done(0, decided);
      books.sayCapped(3);
    };
    enter(outcome({ selected: 9 }), outcome({ rejected: 9 }));
    expect(said).toEqual([]);
    enter(outcome({ selected: 2, capped: 7 }), outcome({ capped: 8, rejected: 1 }));
    expect(said).toEqual([
      expect.stringMatching(
        /^the filters let 26 alerts pass, and the cap of 3 per visit left out 15 of them\n.*--no-cap/,
      ),
    ]);
  });

  it("says once, with the reason, that a filter throws", () => {
    const said: string[] = [];
    const books = new JobBooks(filters, (line) => said.push(line));
    const letter = { key: null, value: null, headers: { reason: "SELECTION: no such field" } };
    const throwing = { ...outcome({ rejected: 8 }), letters: [letter] };
    for (let n = 0; n < 2; n++) books.begin(0, chunk(10, throwing, outcome({ rejected: 9 })));
    expect(said).toEqual(['filter "a" failed on an alert, a dead letter now: no such field']);
  });

  it("warns once about a filter that is too slow, but for one that is left behind: more is said of that", () => {
    const said: string[] = [];
    const books = new JobBooks(filters, (line) => said.push(line));
    const slow = (...found: [number, number][]) => ({ ...chunk(10, outcome({}), outcome({})), slow: new Map(found) });
    books.begin(0, { ...slow([0, 40]), leaving: [{ filter: 0, why: "40.0 ms per alert" }] });
    expect(said).toEqual([]);
    for (let n = 0; n < 2; n++) books.begin(0, { ...slow([1, 50]), ms: [49, 500] });
    expect(said).toEqual(['filter "b" is slow: 50.0 ms per alert']);
    expect(books.report(about).filters.map(({ isSlow, seconds }) => [isSlow, seconds])).toEqual([
      [true, expect.closeTo(0.098)],
      [true, expect.closeTo(1)],
    ]);
  });
});
