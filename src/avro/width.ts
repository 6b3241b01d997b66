import type { AvscType } from "./avsc-type";

/**
 * True when values of the type take no bytes: null, records of nothing else, fixed of size 0. The bytes left bound how many
 * items of any other type an array can hold; of these a few bytes may claim without end.
 */
export function isWidthless(type: AvscType, within: readonly AvscType[] = []): boolean {
  if (type.typeName === "null") return true;
  if (type.typeName === "fixed") return type.size === 0;
  if (!type.fields || within.includes(type)) return false; // a record that holds itself for ever cannot be written
  return type.fields.every((field) => isWidthless(field.type, [...within, type]));
}

/** Items of no width that one record may hold in all its lists together; no survey has any. */
export const maxWidthlessItems = 1e5;
