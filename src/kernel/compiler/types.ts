import type { Translated } from "../frames";

/** Packages that are loaded, with their types, before a cell imports them. */
export const held = ["alert-bootcamp"];

/** What the kernel asks of a compiler. Positions are offsets into the cell's text, in UTF-16 units. */
export interface Compiler {
  /** Checks a cell and makes JavaScript of it; nothing is known of it to later cells until `commit`. */
  check(code: string, id: number): Promise<Checked>;
  /** The cell has run, as far as these names: they are what later cells see. */
  commit(id: number, defined: readonly string[]): Promise<void>;
  complete(code: string, at: number): Promise<Completion>;
  inspect(code: string, at: number): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** A fresh scope: nothing of earlier cells is known any more. */
  reset(): Promise<void>;
}

/** A mistake that the compiler sees, in the lines of the cell or of a module that it imports. */
export interface Mistake {
  /** "TS2345". */
  readonly code: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** One sentence: what is wrong. */
  readonly text: string;
  /** What to do, where that is known. */
  readonly remedy?: string | undefined;
  /** The module beside the notebook that it is in, with its text; the cell itself otherwise. */
  readonly module?: { readonly label: string; readonly source: string };
}

export interface Checked {
  readonly mistakes: readonly Mistake[];
  /** A function of the scope; absent when there are mistakes. */
  readonly js?: string;
  /** Line of the cell for each line of `js`, both counted from 1; 0 for none. */
  readonly lines?: readonly number[];
  /** Modules beside the notebook that the cell uses, as JavaScript, by path. */
  readonly modules?: Readonly<Record<string, Translated>>;
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly { readonly name: string; readonly kind: string }[];
}

export interface Inspection {
  readonly markdown: string;
  readonly plain: string;
}

export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** The methods by name, as they cross to the process that does the work. */
export type CompilerCall = { [K in keyof Compiler]: { method: K; args: Parameters<Compiler[K]> } }[keyof Compiler];
