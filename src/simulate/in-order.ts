import { setImmediate as turn } from "node:timers/promises";
import type { MadeRecord, Request } from "./threads";

/** Records of a run that a thread makes, and of one that is made here: short, so that a thread's is noticed soon. */
const runLength = { there: 32, here: 8 };
/** Records made here before threads are started: who takes a few does not pay for more. */
const alone = 64;
/** Runs under way, whoever makes them. */
const mostRuns = 16;

/** A run of records: some are there, the others are made by a thread, or here when they are needed. */
interface Run {
  readonly from: number;
  readonly to: number;
  records: MadeRecord[];
  /** Set while a thread makes it. */
  pending?: Promise<void>;
}

/**
 * The records of a night in order, made here and by threads: while the next one is a thread's and not there, some after it are made.
 *
 * @param make makes a record
 * @param ask has a thread make a run; undefined when none has room, and in place of the records when it failed
 */
export async function* inOrder(
  { night, from: first, to: count }: Request,
  make: (n: number) => MadeRecord,
  ask: (request: Request) => Promise<MadeRecord[] | undefined> | undefined,
): AsyncGenerator<MadeRecord, void, undefined> {
  const runs: Run[] = [];
  let begun = first;
  let made = 0;

  const begin = (length: number): Run => {
    const run = { from: begun, to: Math.min(begun + length, count), records: [] };
    begun = run.to;
    runs.push(run);
    return run;
  };
  const share = () => {
    while (begun < count && made >= alone && runs.length < mostRuns) {
      const to = Math.min(begun + runLength.there, count);
      const answer = ask({ night, from: begun, to });
      if (!answer) return;
      const run = begin(runLength.there);
      run.pending = answer.then((records = []) => {
        run.records = records;
        delete run.pending;
      });
    }
  };
  /** Makes the next record of a run; now and then others get their turn: threads that answer, a signal to stop. */
  const add = async (run: Run) => {
    run.records.push(make(run.from + run.records.length));
    if (++made % runLength.here !== 0) return;
    await turn();
    share();
  };

  while (runs.length > 0 || begun < count) {
    const run = runs[0] ?? begin(runLength.here);
    while (run.pending) {
      const next =
        runs.find((r) => !r.pending && r.records.length < r.to - r.from) ??
        (begun < count && runs.length < mostRuns ? begin(runLength.here) : undefined);
      if (next) await add(next);
      else await run.pending;
    }
    for (let n = run.from; n < run.to; n++) {
      if (n - run.from >= run.records.length) await add(run);
      yield run.records[n - run.from]!;
    }
    runs.shift();
    share();
  }
}
