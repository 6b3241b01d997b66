// The form every figure of this folder takes: what was measured in each run, beside the floor it must not fall below and the goal.
// Options of every benchmark: --runs N (default 5), --check (ends with 1 when a median is beyond its floor), --json FILE (the
// lines, for run.mjs).
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** How many times as quick, run by run. */
export const ratios = (peerSeconds, ownSeconds) => ownSeconds.map((own, run) => peerSeconds[run] / own);

const show = (number, unit) =>
  number === undefined ? "" : `${number.toLocaleString("en", { maximumSignificantDigits: 3 })}${unit}`;
const goesFor = ({ sign, values }, mark) => mark === undefined || sign * (median(values) - mark) >= 0;

/** One line as columns of text; `floor` is false where the median is beyond it. */
export function columns(line) {
  const { what, values, unit, floor, goal } = line;
  return {
    what,
    median: show(median(values), unit),
    spread: `${show(Math.min(...values), "")}–${show(Math.max(...values), unit)}`,
    floor: show(floor, unit),
    goal: show(goal, unit),
    isOk: goesFor(line, floor),
    isGoalMet: goesFor(line, goal),
  };
}

/**
 * Reads the command line and gives `report`, to be called for each figure, and `finish`, to be called at the end.
 *
 * @param more further options, as `parseArgs` of node:util takes them
 */
export function openBench(more = {}) {
  const { values: options } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      check: { type: "boolean", default: false },
      json: { type: "string" },
      ...more,
    },
  });
  const lines = [];

  /**
   * @param values one of each run
   * @param how `sign` is 1 (default) where more is better, −1 where less is; `why` is what keeps it from the goal
   */
  function report(what, values, { floor, goal, sign = 1, unit = "", why } = {}) {
    lines.push({ what, values, floor, goal, sign, unit, why });
  }

  function finish(note) {
    const shown = lines.map(columns);
    console.table(shown.map(({ isOk, isGoalMet, ...rest }) => ({ ...rest, ok: isOk, "goal met": isGoalMet })));
    console.log(`${note}; medians and spread of ${options.runs} runs`);
    if (options.json) writeFileSync(options.json, JSON.stringify({ note, lines }));
    if (options.check && shown.some(({ isOk }) => !isOk)) process.exitCode = 1;
  }

  return { options: { ...options, runs: Number(options.runs) }, report, finish };
}
