/** A table of any form, as rows. */
export interface ReadTable {
  readonly columns: readonly string[];
  readonly rows: Record<string, unknown>[];
  /** What the file says of the units of its columns. */
  readonly units: ReadonlyMap<string, string>;
  /** The text of each cell, where there is one: converted numbers have lost what was written. */
  readonly cells?: readonly (readonly string[])[];
  /** Row numbers (from 0) whose cells do not agree in number with the header, with what is wrong. */
  readonly ragged?: ReadonlyMap<number, string>;
}
