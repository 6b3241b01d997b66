import { usageError } from "./errors";

/** Anything that can be looped over, at once or as it comes. */
const isIterable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Kind =
  | "object"
  | "objects"
  | "list"
  | "moments"
  | "rows"
  | "text"
  | "number"
  | "bytes"
  | "numbers"
  | "place"
  | "alert"
  | "alerts"
  | "stamp"
  | "function";

/** What a first argument may have to be. */
const tests: Record<Kind, (value: unknown) => boolean> = {
  object: isObject,
  /** Of which every item is an object. */
  objects: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null),
  list: Array.isArray,
  /** Rows of a plot against time. */
  moments: (value: unknown) =>
    tests.objects(value) && (value as { timeMs?: number }[]).every(({ timeMs }) => Number.isFinite(timeMs)),
  rows: isIterable,
  text: (value: unknown) => typeof value === "string",
  number: (value: unknown) => typeof value === "number",
  bytes: (value: unknown) => Buffer.isBuffer(value),
  numbers: (value: unknown) => Array.isArray(value) || ArrayBuffer.isView(value),
  place: (value: unknown) => isObject(value) && "ra" in value && "dec" in value,
  alert: (value: unknown) => isObject(value) && "history" in value && "mjdUtc" in value,
  alerts: (value: unknown) => Array.isArray(value) && value.every((item) => tests.alert(item)),
  stamp: (value: unknown) => isObject(value) && "pixels" in value && "header" in value,
  function: (value: unknown) => typeof value === "function",
};

/**
 * The check of first arguments, the same in all public functions: a wrong one is a usage error that says what was expected,
 * and not a TypeError from somewhere inside.
 *
 * @param what in the words of the sentence "Expected …"
 * @throws USAGE
 * @example
 * expectArgument("objects", alerts, "a list of alerts");
 */
export function expectArgument(kind: Kind, value: unknown, what: string, remedy?: string): void {
  if (tests[kind](value)) return;
  if (value instanceof Promise) throw usageError(what, value, "write await before it");
  const wrong =
    kind === "objects" && Array.isArray(value)
      ? value.findIndex((item) => typeof item !== "object" || item === null)
      : -1;
  if (wrong >= 0)
    throw usageError(`${what}, each of them an object; item ${wrong} is not`, (value as unknown[])[wrong], remedy);
  const isStream = isIterable(value) && !Array.isArray(value);
  throw usageError(
    what,
    value,
    remedy ?? (isStream && kind === "objects" ? "make a list of it: await stream.toArray()" : undefined),
  );
}
