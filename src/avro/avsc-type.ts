import type { Type } from "avsc";

/** A type as avsc has it, whatever its kind: its typings tell what is inside only of each kind by itself. */
export interface AvscType extends Type {
  /** Of records. */
  readonly fields?: readonly { readonly name: string; readonly type: AvscType }[];
  /** Makes the records that are read. */
  readonly recordConstructor?: { readonly prototype: Record<string, unknown> };
  /** Branches of unions. */
  readonly types?: readonly AvscType[];
  /** Of arrays. */
  readonly itemsType?: AvscType;
  /** Of maps. */
  readonly valuesType?: AvscType;
  /** Of enumerations. */
  readonly symbols?: readonly string[];
  /** Bytes of a fixed. */
  readonly size?: number;
}
