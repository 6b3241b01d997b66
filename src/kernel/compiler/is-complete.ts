import ts from "typescript-6";
import type { Completeness } from "./types";

/** A template or a comment that is not closed reports its beginning, whatever follows. */
const unterminated = new Set([1010, 1160]);

/** Whether a console may run what was typed, or has to wait for more: then the mistake is that the text ends. */
export function isComplete(code: string): Completeness {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const found = (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
  if (found.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  const isCutShort = found.every(({ start, code: number }) => start >= end || unterminated.has(number));
  if (!isCutShort) return { status: "invalid" };
  const open = (code.match(/[{([]/g)?.length ?? 0) - (code.match(/[})\]]/g)?.length ?? 0);
  return { status: "incomplete", indent: "  ".repeat(Math.max(0, open)) };
}
