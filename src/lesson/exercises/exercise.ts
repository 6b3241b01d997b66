/** A wrong answer that has a reason. */
export interface Mistake {
  /** The value that it leads to. */
  readonly value: unknown;
  /** What it is instead, to be read after "…, ": "the faintest: magnitudes run backwards". */
  readonly is: string;
}

/**
 * One exercise of a notebook. The notebook holds the question and hands answer and data to `check`; this holds the rest.
 *
 * No answer is written down: it is worked out of the data of the cell, since nights differ.
 */
export interface Exercise {
  /** "3.1": part and number, as the `check` of its cell begins. */
  readonly id: string;
  readonly title: string;
  /** From vague to precise. */
  readonly hints: readonly string[];
  /** What replaces the body of the learner's cell. */
  readonly solution: string;
  /** The right answer, of the data; without it the exercise is open. */
  readonly answer?: (data: any) => unknown;
  /** Largest difference between numbers that still counts as right; default 0. */
  readonly tolerance?: number;
  /** Wrong answers to the same data that are worth a word. */
  readonly mistakes?: (data: any) => readonly Mistake[];
  /** Of an open exercise: what the answer lacks; undefined when it does what was asked for. */
  readonly lacks?: (answer: any) => string | undefined;
}

/** The exercises of one notebook. */
export interface Part {
  readonly part: number;
  readonly title: string;
  readonly exercises: readonly Exercise[];
}
