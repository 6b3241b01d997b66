import { inspect } from "node:util";
import { DISPLAY } from "../../display";
import type { Bundle } from "../frames";
import { rowsAsHtml } from "./rows";

/** Characters of a value as text: more is scrolled past, and fills the notebook's file. */
const LONGEST = 20_000;
const MOST_KEYS = 200;

/** A value in all the forms it has; the front end takes the best it knows. */
export async function bundleOf(value: unknown): Promise<Bundle> {
  const show = (value as { [DISPLAY]?: unknown } | null)?.[DISPLAY];
  if (typeof show === "function") {
    const bundle: unknown = await show.call(value);
    if (typeof bundle === "object" && bundle !== null && Object.keys(bundle).length > 0) return plainJson(bundle);
  }
  const html = rowsAsHtml(value);
  return { "text/plain": textOf(value), ...(html === undefined ? {} : { "text/html": html }) };
}

/** As JSON can hold it: 64-bit numbers as text, bytes as base64, which is what Jupyter wants for pictures. */
export function plainJson(bundle: object): Bundle {
  const entries = Object.entries(bundle).map(([mime, content]) => [
    mime,
    content instanceof Uint8Array ? Buffer.from(content).toString("base64") : content,
  ]);
  const json = JSON.stringify(Object.fromEntries(entries), (_, item) => (typeof item === "bigint" ? `${item}` : item));
  return JSON.parse(json);
}

/** A value as text, bounded: a million numbers, ten megabytes of text and a circular object are shown in part. */
export function textOf(value: unknown): string {
  const options = { maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100, compact: 3, depth: 3 };
  let text: string;
  try {
    text = inspect(firstKeys(value), options);
  } catch (error) {
    return `(cannot be shown: ${String(error)})`;
  }
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)}\n… ${(text.length - LONGEST).toLocaleString("en")} more characters`;
}

/** `inspect` bounds the items of lists, but not the properties of an object. */
function firstKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const keys = Object.keys(value);
  if (keys.length <= MOST_KEYS) return value;
  const first = Object.fromEntries(
    keys.slice(0, MOST_KEYS).map((key) => [key, (value as Record<string, unknown>)[key]]),
  );
  const rest = `… ${(keys.length - MOST_KEYS).toLocaleString("en")} more properties`;
  return { ...first, [inspect.custom]: undefined, [Symbol(rest)]: true };
}
