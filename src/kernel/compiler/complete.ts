import type ts from "typescript-6";
import type { Completion } from "./types";

/** A list that is longer helps nobody, and the front end has to draw it. */
const MOST = 1000;

/** What every function has. */
const ofFunctions = ["apply", "arguments", "bind", "call", "caller", "length", "name", "prototype", "toString"];

/** What may stand at a place, in the compiler's order; the names that begin as typed. */
export function completionAt(
  service: ts.LanguageService,
  path: string,
  code: string,
  start: number,
  at: number,
): Completion {
  const found = service.getCompletionsAtPosition(path, start + at, { includeCompletionsForModuleExports: false });
  const span = found?.entries.find((entry) => entry.replacementSpan)?.replacementSpan ?? found?.optionalReplacementSpan;
  const typed = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, at))![0];
  const from = span ? span.start - start : at - typed.length;
  const to = span ? Math.max(at, span.start - start + span.length) : at;
  const begun = code.slice(from, at).toLowerCase();
  const all = found?.entries ?? [];
  const isFunction = ofFunctions.every((own) => all.some(({ name }) => name === own));
  // `cut.`: what is there besides is why somebody asks
  const own =
    isFunction && all.length > ofFunctions.length ? all.filter(({ name }) => !ofFunctions.includes(name)) : all;
  const entries = own
    .filter(({ name }) => name.toLowerCase().startsWith(begun))
    .sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name))
    .slice(0, MOST)
    .map(({ name, kind, insertText }) => ({ name: insertText ?? name, kind: kind as string }));
  return { start: from, end: to, entries };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
