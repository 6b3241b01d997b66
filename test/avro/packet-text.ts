/**
 * Packets for tests, written as text that has the schema and the value side by side:
 * `jd double = 2460000.5, rb float? = null, flux float "[uJy]" = 12`. A `?` makes a union with null, words in quotes are
 * documentation.
 */
export interface Made {
  readonly type: unknown;
  readonly value: unknown;
}
type Parts = Record<string, Made>;

let made = 0;

/** A record; what is not plain (records, lists, maps) comes as further parts. */
export function rec(text: string, parts: Parts = {}, name = `made.r${made++}`): Made {
  const plain = split(text).map(parse);
  const fields = [
    ...plain.map(({ name, type, doc }) => ({ name, type, ...(doc === undefined ? {} : { doc }) })),
    ...Object.entries(parts).map(([name, { type }]) => ({ name, type })),
  ];
  const values = [
    ...plain.map(({ name, value }) => [name, value]),
    ...Object.entries(parts).map(([name, { value }]) => [name, value]),
  ];
  return { type: { type: "record", name, fields }, value: Object.fromEntries(values) };
}

/** An array of records: fields as in `rec` without values, then the values of each row. */
export function rows(text: string, ...values: unknown[][]): Made {
  const fields = split(text).map(parse);
  const items = { type: "record", name: `made.r${made++}`, fields: fields.map(({ name, type }) => ({ name, type })) };
  return {
    type: { type: "array", items },
    value: values.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i]]))),
  };
}

/** Rows of the same record as another part, each with some values changed. */
export function like({ type, value }: Made, ...changes: object[]): Made {
  const { name } = type as { name: string };
  return {
    type: { type: "array", items: name },
    value: changes.map((change) => ({ ...(value as object), ...change })),
  };
}

/** The same behind a union with null. */
export const maybe = ({ type, value }: Made): Made => ({ type: ["null", type], value });

export const map = (values: unknown, value: object): Made => ({ type: { type: "map", values }, value });

const split = (text: string): string[] =>
  text
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((part) => part.trim())
    .filter(Boolean);

function parse(text: string): { name: string; type: unknown; doc: string | undefined; value: unknown } {
  const found = /^(\w+) (\w+)(\?)?(?: "([^"]*)")?(?: = (.*))?$/.exec(text);
  if (!found) throw new Error(`not a field: ${text}`);
  const [, name, type, question, doc, value] = found;
  return { name: name!, type: question ? ["null", type] : type, doc, value: value && valueFrom(value, type!) };
}

function valueFrom(text: string, type: string): unknown {
  if (text === "null") return null;
  if (type === "string") return text;
  if (type === "bytes") return Buffer.from(text);
  if (type === "long") return BigInt(text);
  return type === "boolean" ? text === "true" : Number(text);
}
