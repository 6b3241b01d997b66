import ts from "typescript-6";
import { habitOf, remedyForModule, remedyForName } from "./habits";
import type { Mistake } from "./types";

/** More than these are mostly consequences of the first. */
const MOST = 5;

/** A package without declarations can be used in a cell all the same. */
const allowed = new Set([7016]);

const possiblyMissing = "check it first: if (x) …; or x?.y; or give another value: x ?? y";
const objectFirst = "an object that begins a cell stands in brackets: ({ a: 1 })";
/** By the compiler's number: what to do in a cell. Where its own sentence names the remedy, none is needed. */
const remedies: Readonly<Record<number, string>> = {
  1108: "leave return out: the last expression is what the cell shows",
  2304: "declare it, or run the cell that does",
  2531: possiblyMissing,
  2532: possiblyMissing,
  2533: possiblyMissing,
  18047: possiblyMissing,
  18048: possiblyMissing,
  18049: possiblyMissing,
  18046: "check what it is first, e.g. error instanceof Error, or make it text: String(error)",
  7006: "say its type: (x: Alert) => …",
  7031: "say its type: ({ x }: { x: number }) => …",
  7005: "say its type: let x: number[] = []",
  7034: "say its type: let x: number[] = []",
  7017: "declare it: declare global { var NAME: number }",
  7053: "say that any name may come: Record<string, number>; or use a Map",
  2588: "declare it with let",
  2454: "give it a value before",
  1308: "make the function async",
  7028: objectFirst,
};

/**
 * The mistakes of a cell, the useful line of each first; of a cell that is no TypeScript, what it was meant as.
 *
 * @param start where the cell's own text begins in its file
 */
export function mistakesOf(found: readonly ts.Diagnostic[], file: ts.SourceFile, start: number): Mistake[] {
  const errors = found.filter(({ category, code }) => category === ts.DiagnosticCategory.Error && !allowed.has(code));
  if (errors.length === 0) return [];
  const cell = file.text.slice(start);
  // a negation is TypeScript; what else is meant does not even parse
  const isForeign = /^\s*[!#]/.test(cell) || errors[0]!.code < 2000;
  const habit = isForeign ? habitOf(cell) : undefined;
  if (habit) {
    const before = cell.slice(0, cell.search(/\S/));
    const [first = ""] = cell.trim().split("\n");
    const column = before.length - before.lastIndexOf("\n");
    return [{ ...habit, code: "NotTypeScript", line: before.split("\n").length, column, length: first.length }];
  }
  const isObject = /^\{\s*["'\w$]+\s*[:,]/.test(cell.trim());
  const before = file.getLineAndCharacterOfPosition(start).line;
  return errors.slice(0, MOST).map((error, i) => {
    const at = Math.max(error.start ?? start, start);
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    return {
      code: `TS${error.code}`,
      line: line - before + 1,
      column: character + 1,
      length: Math.max(1, error.length ?? 1),
      text: sentence(error.messageText),
      remedy:
        (isObject && i === 0 && error.code < 2000 ? objectFirst : undefined) ?? related(error) ?? remedyFor(error),
    };
  });
}

function remedyFor({ code, messageText }: ts.Diagnostic): string | undefined {
  const text = sentence(messageText);
  if (/Type '(undefined|null)' is not assignable|'undefined' is not assignable to (parameter|type)/.test(text)) {
    return possiblyMissing;
  }
  const [, name = ""] = /^Cannot find (?:name|module) '([^']*)'/.exec(text) ?? [];
  if (code === 2307) return remedyForModule(name);
  return remedyForName(name) ?? remedies[code];
}

/** TypeScript adds what it knows elsewhere: "Did you forget to use 'await'?", which argument is missing. */
function related({ relatedInformation = [] }: ts.Diagnostic): string | undefined {
  const useful = relatedInformation.find(({ code }) => [2773, 6210, 6211, 2728].includes(code));
  if (!useful || useful.code === 2728) return undefined;
  return useful.code === 2773 ? "put await before it" : own(ts.flattenDiagnosticMessageText(useful.messageText, " "));
}

/**
 * The explanation of a mismatch goes deeper with each line: the first says what, the last why. Of overloads only the last
 * helps; "No overload matches" and the ones before are noise.
 */
function sentence(message: string | ts.DiagnosticMessageChain): string {
  if (typeof message === "string") return own(message);
  const lines: string[] = [];
  for (let chain: ts.DiagnosticMessageChain | undefined = message; chain; chain = chain.next?.at(-1)) {
    if (![2769, 2770, 2771, 2772].includes(chain.code)) lines.push(own(chain.messageText));
  }
  const [first = own(message.messageText), ...rest] = lines;
  const last = rest.at(-1);
  return last === undefined ? first : `${first} ${last}`;
}

/** Types of earlier cells by their name, without the file that the compiler thinks they are in. */
const own = (text: string): string => text.trim().replace(/import\("[^"]*\/cell-\d+"\)\./g, "");
