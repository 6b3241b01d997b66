import { describe, expect, inject, it } from "vitest";
import { runFilters } from "../../src/kafka/filter/filter";
import { pause } from "../../src/pause";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { caughtUp, moved } from "./group-progress";
import { namesOf, Sending } from "./sending";

const bootstrap = inject("bootstrap");
const topic = "rebalance";
const perVisit = 100;

/** A worker of the group whose filter takes half a millisecond, so that it is in the middle of a batch nearly always. */
class Worker {
  decided = 0;
  private readonly stopping = new AbortController();
  readonly report = runFilters(topic, {
    bootstrap,
    group: topic,
    until: "forever",
    capPerVisit: Number.POSITIVE_INFINITY,
    progress: false,
    signal: this.stopping.signal,
    filters: [{ name: "rebalanced", accepts: () => this.takeTime() }],
  });

  async decides(more: number): Promise<void> {
    const wanted = this.decided + more;
    while (this.decided < wanted) await pause(5);
  }

  leave(): typeof this.report {
    this.stopping.abort();
    return this.report;
  }

  private takeTime(): boolean {
    this.decided++;
    for (const end = performance.now() + 0.5; performance.now() < end; );
    return true;
  }
}

describe.skipIf(needs.python())("a worker that joins and leaves while batches are decided", () => {
  it("takes over and gives back, each alert once", { timeout: 600_000 }, async () => {
    const sending = new Sending({ bootstrap, topic, perVisit, secondsPerVisit: 0.15 });
    await sending.more(5);
    const staying = new Worker();
    const guests = [];
    await staying.decides(300);
    for (let n = 15; n > 0; n--) {
      const guest = new Worker();
      await guest.decides(100 + 77 * (n % 5));
      guests.push(await guest.leave());
      await moved(bootstrap, topic, 100);
    }
    const sent = await sending.end();
    await caughtUp(bootstrap, topic);
    const reports = [...guests, await staying.leave()];
    const names = namesOf(sent.alerts).sort();
    expect(
      readCommitted(bootstrap, "rebalance.rebalanced")
        .map(({ key }) => key)
        .sort(),
    ).toEqual(names);
    const sum = (count: "read" | "selected" | "pending") =>
      reports.reduce((total, { filters: [books] }) => total + books![count], 0);
    expect([sum("read"), sum("selected"), sum("pending")]).toEqual([names.length, names.length, 0]);
    for (const guest of guests) expect(guest.read).toBeGreaterThan(0);
  });
});
