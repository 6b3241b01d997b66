import { describe, expect, it } from "vitest";
import { JobBooks } from "./filter-books";
import type { Decided, Outcome } from "./filter-decide";

const filters = ["a", "b"].map((name) => ({ name, topic: name, accepts: () => true }));
const about = { topic: "in", deadTopic: "in.dead", group: "g", interrupted: false };
const outcome = (values: Partial<Record<"rejected" | "capped" | "dead" | "ms", number>>, selected = 0): Outcome => ({
  rejected: 0,
  capped: 0,
  dead: 0,
  ms: 0,
  ...values,
  selected: Array.from({ length: selected }, () => ({ key: null, value: null, headers: {} })),
});
const chunk = (read: number, ...outcomes: Outcome[]): Decided => ({
  read,
  undecodable: 1,
  outcomes,
  dead: [],
  release: () => {},
});

describe("JobBooks", () => {
  it("balances when every chunk that was read is done", () => {
    const books = new JobBooks(filters, 20, () => {});
    const first = chunk(10, outcome({ rejected: 5, capped: 1, dead: 1 }, 3), outcome({ rejected: 9, dead: 1 }));
    const second = chunk(4, outcome({ rejected: 4 }), outcome({ dead: 4 }));
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
    expect(report.filters[0]).toMatchObject({ read: 18, selected: 3, rejected: 13, capped: 1, dead: 1, pending: 0 });
    expect(report.partitions.map(({ partition, filter, read }) => [partition, filter, read])).toEqual([
      [0, "a", 4],
      [0, "b", 4],
      [1, "a", 14],
      [1, "b", 14],
    ]);
  });

  it("says what is pending, and takes back what will be read again", () => {
    const books = new JobBooks(filters, 20, () => {});
    const decided = chunk(10, outcome({ rejected: 10 }), outcome({ rejected: 10 }));
    books.begin(0, decided);
    expect(books.report(about)).toMatchObject({ balanced: false, read: 10 });
    expect(books.report(about).partitions[0]).toMatchObject({ read: 10, pending: 10 });
    books.undo(0, decided);
    expect(books.report(about)).toMatchObject({ balanced: true, read: 0 });
  });

  it("does not balance when a filter has not accounted for every alert", () => {
    const books = new JobBooks(filters, 20, () => {});
    const decided = chunk(10, outcome({ rejected: 10 }), outcome({ rejected: 9 }));
    books.begin(0, decided);
    books.done(0, decided);
    const report = books.report(about);
    expect(report.balanced).toBe(false);
    expect(report.filters.map(({ pending }) => pending)).toEqual([0, 1]);
  });

  it("warns once about a filter that is slow per alert", () => {
    const said: string[] = [];
    const books = new JobBooks(filters, 5, (line) => said.push(line));
    for (let n = 0; n < 3; n++) books.begin(0, chunk(10, outcome({ ms: 49 }), outcome({ ms: 80 })));
    expect(said).toEqual(['filter "b" is slow: 8.0 ms per alert, the other filters wait for it']);
    expect(books.report(about).filters.map(({ isSlow, seconds }) => [isSlow, seconds])).toEqual([
      [false, expect.closeTo(0.147)],
      [true, expect.closeTo(0.24)],
    ]);
  });
});
