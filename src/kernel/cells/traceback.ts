import { inspect } from "node:util";
import type { CellError } from "../frames";

/** What is needed to name the lines of a cell: they differ from those that the engine runs. */
export interface CellLines {
  readonly label: string;
  readonly source: string;
  readonly lines: readonly number[];
}

/** Calls shown below the first: more than these nobody reads. */
const MOST_CALLS = 8;
const MOST_CAUSES = 5;
const LONGEST = 4000;
const AROUND = 2;
/** Characters of a line. */
const LONGEST_LINE = 200;
const BEFORE_MARK = 60;
/** The kernel's own code, of which nobody who writes a cell wants to read. */
export const kernelFolder = __dirname.replace(/[\\/]cells$/, "");

/** An error as a notebook shows it: what was thrown, whatever it is, and where in the cell's own lines. */
export function cellError(error: unknown, cells: ReadonlyMap<string, CellLines>): CellError {
  try {
    const ename = nameOf(error);
    const evalue = bounded(messageOf(error));
    return { ename, evalue, traceback: [...explain(error, cells), ...causes(error, cells, 0)] };
  } catch {
    // a proxy, or a getter, that throws itself: without an answer the notebook would wait for ever
    const evalue = "what was thrown throws itself when it is looked at";
    return { ename: "Error", evalue, traceback: [`Error: ${evalue}`] };
  }
}

function nameOf(error: unknown): string {
  if (error instanceof Error || isErrorLike(error)) return String(error.name || "Error");
  if (error === null) return "null";
  if (typeof error !== "object") return typeof error;
  return error.constructor?.name ?? "Object";
}

function messageOf(error: unknown): string {
  if (error instanceof Error || isErrorLike(error)) return readable(error.message);
  if (typeof error === "string") return error;
  try {
    return inspect(error, { depth: 1, maxArrayLength: 20, maxStringLength: 1000 });
  } catch {
    return "a value that cannot be shown";
  }
}

/** Errors of another realm (`vm`) are no instances of this one's. */
const isErrorLike = (error: unknown): error is Error =>
  typeof error === "object" && error !== null && "message" in error && stackOf(error) !== undefined;

/** Names of earlier cells as they stand in the cell. */
const readable = (text: string): string =>
  String(text)
    .replace(/\(0\s*,\s*__scope\.([\w$]+)\)/g, "$1")
    .replaceAll("__scope.", "");

const bounded = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function explain(error: unknown, cells: ReadonlyMap<string, CellLines>): string[] {
  const { remedy } = Object(error) as { remedy?: unknown };
  const head = [`${nameOf(error)}: ${bounded(messageOf(error))}`];
  if (typeof remedy === "string") head.push(`  → ${remedy}`);
  if (!isErrorLike(error) && !(error instanceof Error)) {
    return [...head, "  (thrown by the cell; an Error would say where: throw new Error(…))"];
  }
  const calls = callsOf(error, cells);
  const inCell = calls.find((call) => call.cell);
  const lines = inCell ? [...head, ...excerpt(inCell.cell!, inCell.line)] : head;
  // a user's mistake: the way through the library says nothing
  const shown = calls.filter((call) => call !== inCell && (call.cell || typeof remedy !== "string"));
  for (const { text } of shown.slice(0, MOST_CALLS)) lines.push(`  at ${text}`);
  if (shown.length > MOST_CALLS) lines.push(`  … ${shown.length - MOST_CALLS} more calls`);
  return lines;
}

interface Call {
  readonly text: string;
  readonly cell?: CellLines;
  readonly line: number;
}

/** None where a cell's own `Error.prepareStackTrace` throws. */
function stackOf(error: object): string | undefined {
  try {
    const { stack } = error as Error;
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** The calls of a stack that concern the user: cells, modules and packages, without Node's and the kernel's own. */
function callsOf(error: Error, cells: ReadonlyMap<string, CellLines>): Call[] {
  const calls: Call[] = [];
  for (const row of (stackOf(error) ?? "").split("\n")) {
    const match = /^\s+at (?:(.*?) \()?((?:file:\/\/)?[^()]*?)(?:, line |:)(\d+)(?::\d+)?\)?$/.exec(row);
    if (!match) continue;
    const [, name, file = "", row1] = match;
    // by its label once `stacks.ts` has named it, and then with its own line
    const named = [...cells.values()].findLast(({ label }) => label === file);
    const cell = named ?? cells.get(file);
    if (!cell && (/^(node:|internal|evalmachine)/.test(file) || file.includes(kernelFolder))) continue;
    const line = cell && !named ? (cell.lines[Number(row1)] ?? 0) : Number(row1);
    if (cell && line === 0) continue;
    const inside = name && !/^(async )?cell$/.test(name) ? ` in ${readable(name.replace(/^async /, ""))}` : "";
    const place = cell ? `${cell.label}, line ${line}` : `${file.replace(/^file:\/\//, "")}:${line}`;
    calls.push({ text: place + inside, line, ...(cell ? { cell } : {}) });
  }
  return calls;
}

/** The lines around one, with a mark at it. */
export function excerpt({ label, source }: CellLines, line: number, marks = ""): string[] {
  const all = source.split("\n");
  const from = Math.max(1, line - AROUND);
  const to = Math.min(all.length, line + AROUND);
  const width = String(to).length;
  const rows = [`  ${label}, line ${line}:`];
  for (let i = from; i <= to; i++) {
    const text = all[i - 1]!;
    // of a long line the part that is meant
    const left = i === line && marks.length > LONGEST_LINE ? marks.search(/\S/) - BEFORE_MARK : 0;
    const cut = text.length - left > LONGEST_LINE ? `${text.slice(left, left + LONGEST_LINE)}…` : text.slice(left);
    const begin = left > 0 ? "…" : "";
    rows.push(`  ${i === line ? "▶" : " "} ${String(i).padStart(width)} | ${begin}${cut}`.trimEnd());
    if (i === line && marks) rows.push(`    ${" ".repeat(width)} | ${begin && " "}${marks.slice(left)}`);
  }
  return rows;
}

function causes(error: unknown, cells: ReadonlyMap<string, CellLines>, depth: number): string[] {
  if (typeof error !== "object" || error === null || depth >= MOST_CAUSES) return [];
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const lines: string[] = [];
  if (Array.isArray(errors)) {
    for (const one of errors.slice(0, MOST_CAUSES)) lines.push(`  • ${nameOf(one)}: ${bounded(messageOf(one))}`);
    if (errors.length > MOST_CAUSES) lines.push(`  • … ${errors.length - MOST_CAUSES} more`);
  }
  if (cause !== undefined && cause !== null) {
    const [head, ...rest] = explain(cause, cells);
    const isUsers = typeof (error as { remedy?: unknown }).remedy === "string";
    // of a user's mistake it is enough to know what; where in the library says nothing
    lines.push(`Caused by ${head}`, ...(isUsers ? [] : rest), ...causes(cause, cells, depth + 1));
  }
  return lines;
}
