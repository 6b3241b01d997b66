import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import type { KernelSpec } from "../../src/engine/lab/kernelspec";
import { readVisits } from "../../src/files/read-visits";
import { deleteTopic, resetTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { SOURCE_HEADER } from "../../src/lesson/data-set";
import { parts } from "../../src/lesson/exercises/parts";
import { simulateNight } from "../../src/simulate/night";
import { dataFolder, root } from "../helpers/data";
import { isKnownAnswer } from "./known-answers";
import { type RunCell, readCells, runNotebook } from "./run-notebook";

export interface Part {
  part: number;
  name: string;
}

/** What a notebook is run on: a simulated night of either survey, or ZTF's real alerts. */
export type DataSet = "simulated" | "ztf" | "lsst";

export const notebooks: Part[] = [
  { part: 1, name: "1_alerts_and_visits" },
  { part: 2, name: "2_connect_and_read" },
  { part: 3, name: "3_filtering" },
  { part: 4, name: "4_crossmatch_classify" },
  { part: 5, name: "5_lsst_alerts" },
  { part: 6, name: "6_schema_drift" },
  { part: 7, name: "7_real_brokers" },
];
const PLOTLY = "application/vnd.plotly.v1+json";

/** The data that a part is written for. */
export const ownSet = (part: number): DataSet => (part === 5 ? "lsst" : "simulated");

/** Id of the cell of an exercise: "exercise-3-1". */
export const cellId = (id: string): string => `exercise-${id.replace(".", "-")}`;

/** The exercise cells with the solution in place of what stands before the line of the check. */
function solved(name: string, part: number): Map<string, string> {
  const cells = new Map(readCells(name).map((cell) => [cell.id, cell.source]));
  const exercises = parts.find((one) => one.part === part)!.exercises;
  return new Map(
    exercises.map(({ id, solution }) => {
      const lines = cells.get(cellId(id))!.split("\n");
      // everything that follows the learner's own statement is kept, wherever the check itself begins
      const kept = lines.slice(lines.findIndex((line) => /;$/.test(line)) + 1);
      return [cellId(id), [solution, ...kept].join("\n")];
    }),
  );
}

const verdicts = (cells: readonly RunCell[]): string[] =>
  cells
    .filter((cell) => cell.id.startsWith("exercise-"))
    .map((cell) => /^[✓✗·] \d+\.\d+/m.exec(cell.text)?.[0] ?? `${cell.id}: ${cell.text}`);

const expectedVerdicts = (part: number, mark: string): string[] =>
  parts.find((one) => one.part === part)!.exercises.map(({ id }) => `${mark} ${id}`);

/** The values that passed, by exercise; open exercises have none. */
const rightValues = (cells: readonly RunCell[]) =>
  cells.flatMap(({ text }) =>
    [...text.matchAll(/^✓ (\d+\.\d+) [^:\n]+: (.+) \([^()]+\)$/gm)].map(([, id, value]) => ({
      id: id!,
      value: value!,
    })),
  );

/** Right values that stand in the notebook, or in the file of its exercises. One digit stands everywhere, and is passed over. */
function writtenDown({ part, name }: Part, values: ReturnType<typeof rightValues>): string[] {
  const file = readFileSync(join(root, `src/lesson/exercises/part${part}.ts`), "utf8");
  // neither a date nor the minutes of the header answer anything
  const text = [...readCells(name).map(({ source }) => source), file]
    .join("\n")
    .replace(/\d{4}-\d\d-\d\d|\*\*Minutes.*/g, "");
  return values
    .filter(({ value }) => /^\d{2,}n?$/.test(value))
    .map(({ id, value }) => ({ id, number: value.replace("n", "") }))
    .filter(({ number }) => new RegExp(`(?<![\\d.,#])${number}(?![\\d″]|\\.\\d|,\\d)`).test(text))
    .map(({ id, number }) => `${id}: ${number}`);
}

/** What went wrong first; the kernel aborts the cells after it. */
const failures = (cells: readonly RunCell[]) =>
  cells
    .filter(({ error }) => error !== null)
    .map(({ id, error }) => `${id}: ${error}`)
    .slice(0, 1);

/** A cell that says show(…) has drawn. */
const undrawn = (cells: readonly RunCell[]): string[] =>
  cells
    .filter(({ source }) => /\bshow\(|\bwatch\(/.test(source) && !source.includes("useNetwork"))
    .filter(({ displays }) => !displays.some((mimes) => mimes.includes(PLOTLY)))
    .map(({ source }) => source);

/** Publishes the nights that the notebooks read, for the tests of a file; gives the ways to run a notebook on them. */
export function withNights() {
  const bootstrap = inject("bootstrap");
  const folder = mkdtempSync(join(tmpdir(), "parts-"));
  const topics = {
    simulated: `parts-simulated-${process.pid}`,
    ztf: `parts-ztf-${process.pid}`,
    lsst: `parts-lsst-${process.pid}`,
  };
  const data = { simulated: folder, ztf: dataFolder(), lsst: folder };

  beforeAll(async () => {
    const night = simulateNight({ seed: 7 });
    await night.write(join(folder, "simulated-7"));
    for (const topic of Object.values(topics)) await resetTopic(topic, { bootstrap });
    const headers = { [SOURCE_HEADER]: "simulated-7" };
    await publish(night, { bootstrap, topic: topics.simulated, fast: true, headers });
    const lsst = simulateNight({ survey: "lsst", seed: 7 });
    const source = { [SOURCE_HEADER]: "simulated-lsst-7-400" };
    await publish(lsst, { bootstrap, topic: topics.lsst, form: "confluent", fast: true, headers: source });
    // without the header: these alerts are known by their number and their first id
    await publish(readVisits([dataFolder("ztf")]), { bootstrap, topic: topics.ztf, fast: true });
  }, 120_000);
  afterAll(async () => {
    for (const topic of Object.values(topics)) await deleteTopic(topic, { bootstrap });
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (
    name: string,
    set: DataSet,
    env: Record<string, string>,
    replace?: Map<string, string>,
    kernel?: KernelSpec,
    topic = topics[set],
  ) =>
    runNotebook(name, {
      ...(kernel === undefined ? {} : { kernel }),
      topic,
      env: { KAFKA_BOOTSTRAP: bootstrap, BOOTCAMP_DATA: data[set], ...env },
      ...(replace === undefined ? {} : { replace }),
    });

  const ways = {
    /** Runs a part with its solutions put in; every check has to pass and every figure to be drawn. */
    async solved({ part, name }: Part, set: DataSet, kernel?: KernelSpec, topic?: string): Promise<void> {
      const cells = await run(name, set, { BOOTCAMP_STRICT: "1" }, solved(name, part), kernel, topic);
      expect(failures(cells)).toEqual([]);
      expect(verdicts(cells)).toEqual(expectedVerdicts(part, "✓"));
      const values = rightValues(cells);
      const closed = parts.find((one) => one.part === part)!.exercises.filter(({ lacks }) => !lacks);
      expect(values.map(({ id }) => id)).toEqual(closed.map(({ id }) => id));
      expect(values.filter(({ id, value }) => isKnownAnswer(set, id, value) === false)).toEqual([]);
      expect(set === "ztf" ? [] : writtenDown({ part, name }, values)).toEqual([]);
      expect(undrawn(cells)).toEqual([]);
    },
    /** Runs a part as it is stored; it has to come to its end, and no check may pass. */
    async unedited({ part, name }: Part): Promise<void> {
      const cells = await run(name, ownSet(part), { BOOTCAMP_STRICT: "" });
      expect(failures(cells)).toEqual([]);
      expect(verdicts(cells)).toEqual(expectedVerdicts(part, "✗"));
      expect(cells.at(-1)!.text).toContain("0 of");
    },
    /** Runs a part, solved, while the night it reads is sent so many times. */
    async sending(part: Part, secondsPerVisit: number, rounds: number): Promise<void> {
      const set = ownSet(part.part);
      const topic = `parts-sending-${process.pid}`;
      const stop = new AbortController();
      const night = simulateNight({ survey: set === "lsst" ? "lsst" : "ztf", seed: 7 });
      const headers = { [SOURCE_HEADER]: set === "lsst" ? "simulated-lsst-7-400" : "simulated-7" };
      const form = set === "lsst" ? "confluent" : "container";
      await resetTopic(topic, { bootstrap });
      const send = async () => {
        for (let n = 0; n < rounds && !stop.signal.aborted; n++)
          await publish(night, { bootstrap, topic, form, headers, secondsPerVisit, signal: stop.signal });
      };
      const sending = send();
      try {
        await ways.solved(part, set, undefined, topic);
      } finally {
        stop.abort();
        await sending;
        await deleteTopic(topic, { bootstrap });
      }
    },
  };
  return ways;
}
