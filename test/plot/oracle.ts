import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPython } from "../helpers/python";

/** A folder that Python fills, with an index.json saying what is in it. */
export interface OracleFolder<Entry> {
  readonly entries: readonly Entry[];
  bytes(name: string): Buffer;
  /** An array of float64, little-endian, as numpy wrote it. */
  numbers(name: string): Float64Array;
  remove(): void;
}

/** Runs a script with the folder as its first argument; it must write index.json there. */
export function askPython<Entry>(script: string, args: string[] = []): OracleFolder<Entry> {
  const folder = mkdtempSync(join(tmpdir(), "alert-oracle-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    runPython(script, [folder, ...args]);
    if (!existsSync(join(folder, "index.json"))) throw new Error("the script wrote no index.json");
  } catch (error) {
    remove();
    throw error;
  }
  return {
    entries: JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as Entry[],
    bytes: (name) => readFileSync(join(folder, name)),
    numbers: (name) => new Float64Array(new Uint8Array(readFileSync(join(folder, name))).buffer),
    remove,
  };
}

/** Index of the first value that differs, NaN equal to NaN; -1 when none does. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>, relative = 0): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i]! + 0, b[i]! + 0)) continue;
    if (!(Math.abs(a[i]! - b[i]!) <= relative * Math.max(Math.abs(a[i]!), Math.abs(b[i]!)))) return i;
  }
  return -1;
}
