/** One exercise of a notebook. The notebook holds the question and the `check`; this holds the help. */
export interface Exercise {
  /** "3.1": part and number, as the label of its `check` begins. */
  readonly id: string;
  readonly title: string;
  /** From vague to precise. */
  readonly hints: readonly string[];
  /** What replaces the body of the learner's cell. */
  readonly solution: string;
}

/** The exercises of one notebook. */
export interface Part {
  readonly part: number;
  readonly title: string;
  readonly exercises: readonly Exercise[];
}
