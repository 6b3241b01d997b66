import { knownSchema, knownVersions } from "../avro/known";
import { fieldTree, type SchemaField } from "../avro/tree";
import { BootcampError, usageError } from "../errors";
import { expectArgument } from "../expect";
import { fieldNamesInOrder } from "./common-view";
import { isAlert } from "./json";
import type { AlertParts, AlertView } from "./types";

/** Names of the common view that hold more than a value; forgetting one is a type error. */
const parts: Readonly<Record<keyof AlertParts, true>> = {
  designation: true,
  history: true,
  upperLimits: true,
  forced: true,
  stamps: true,
  packet: true,
  origin: true,
  bytes: true,
};
const commonNames = new Set<string>([...fieldNamesInOrder, ...Object.keys(parts)]);

/**
 * A field of an alert by its path: a common name (`mag`) or a way into the survey's packet
 * (`packet.candidate.rb`, `history.0.mag`, `history.length`).
 *
 * @returns the value; null where something on the way is null (a packet without history)
 * @throws BootcampError NO_FIELD when the alert has no such field, with the names nearest to it
 * @example
 * fieldOf(alert, "packet.candidate.magpsf");
 */
export function fieldOf(alert: AlertView, path: string): unknown {
  expectArgument("object", alert, "an alert");
  const value = findField(alert, path);
  if (value === undefined) throw noField(alert, path);
  return value;
}

/** As {@link fieldOf}, but undefined where the alert has no such field: schema versions and surveys differ. */
export function findField(alert: AlertView, path: string): unknown {
  if (typeof path !== "string") throw usageError("the path of a field", path);
  const parts = path.split(".");
  if (!commonNames.has(parts[0]!)) return undefined;
  let value: unknown = alert;
  for (const [depth, part] of parts.entries()) {
    if (value === null) return null;
    if (Array.isArray(value) && /^\d+$/.test(part)) value = value[Number(part)] ?? null;
    else if (typeof value === "object" && (depth === 0 || has(value as object, part)))
      value = (value as Record<string, unknown>)[part];
    else return undefined;
  }
  return value;
}

/** True when a path begins as the fields of an alert do: with a common name, or `packet`. */
export function isFieldPath(path: string): boolean {
  const parts = path.split(".");
  return commonNames.has(parts[0]!) && !parts.includes("");
}

/** Fields only: what every object inherits (`constructor`, methods) is not a field; lengths and getters are. */
function has(value: object, name: string): boolean {
  if (name in Object.prototype) return Object.hasOwn(value, name);
  return name in value && typeof (value as Record<string, unknown>)[name] !== "function";
}

/** `"objectId, mag"` → names; an empty one is a usage error. */
export function parseFields(text: string): string[] {
  expectArgument("text", text, "field names with commas between them");
  const fields = text.split(",").map((name) => name.trim());
  if (fields.some((name) => name === "")) throw usageError("field names with commas between them", text);
  return fields;
}

/** The NO_FIELD error for a path, naming the fields that come nearest: of this alert, or else of its survey's newest version. */
export function noField(alert: AlertView, path: string): BootcampError {
  expectArgument("object", alert, "an alert");
  expectArgument("text", path, "the path of a field");
  const own = nearFields(path, fieldNames(alert));
  const near = own.length > 0 ? own : nearFields(path, newestFields(alert.survey));
  return new BootcampError(
    "NO_FIELD",
    `Expected a field of an alert of survey ${alert.survey}, got ${JSON.stringify(path)}`,
    {
      where: path,
      remedy:
        near.length > 0 ? `Did you mean ${near.join(", ")}?` : `Common fields are ${fieldNamesInOrder.join(", ")}.`,
    },
  );
}

/** The same for a row that is no alert, as of a query. */
export function noColumn(row: object, path: string): BootcampError {
  const names = Object.keys(row);
  const near = nearFields(path, names);
  return new BootcampError("NO_FIELD", `Expected a field of the rows, got ${JSON.stringify(path)}`, {
    where: path,
    remedy: near.length > 0 ? `Did you mean ${near.join(", ")}?` : `the fields are ${names.slice(0, 20).join(", ")}`,
  });
}

/**
 * Every path to a single value of an alert: the common ones, then the packet's, three names deep at most. Lists are
 * named, not entered.
 * @example
 * explore.fieldNames(alert).filter((name) => name.startsWith("candidate.mag"));
 */
export function fieldNames(alert: AlertView): string[] {
  const names: string[] = [...commonNames];
  const enter = (value: unknown, path: string, depth: number) => {
    if (depth > 3 || typeof value !== "object" || value === null) return;
    if (Array.isArray(value) || ArrayBuffer.isView(value)) return;
    for (const key of Object.keys(value)) {
      names.push(`${path}.${key}`);
      enter((value as Record<string, unknown>)[key], `${path}.${key}`, depth + 1);
    }
  };
  if (isAlert(alert)) enter(alert.packet, "packet", 1);
  return names;
}

/** Packet paths of the newest schema that comes with the library. */
function newestFields(survey: string): string[] {
  const known = (["ztf", "lsst", "elasticc"] as const).find((name) => name === survey);
  const schema = known && knownSchema(known, knownVersions(known).at(-1)!);
  const enter = (fields: readonly SchemaField[], path: string, depth: number): string[] =>
    fields.flatMap(({ name, shape, fields: inner }) => [
      `${path}.${name}`,
      ...(shape === "record" && depth < 3 ? enter(inner, `${path}.${name}`, depth + 1) : []),
    ]);
  return schema ? enter(fieldTree(schema), "packet", 1) : [];
}

/** Up to three names nearest to the one that was asked for: the same last part first, then by edits. */
export function nearFields(path: string, names: readonly string[]): string[] {
  const leaf = (name: string) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const asked = leaf(path);
  const allowed = Math.max(1, Math.floor(asked.length / 3));
  return names
    .map((name) => ({
      name,
      edits: leaf(name) === asked ? -1 : Math.min(editsBetween(asked, leaf(name)), editsBetween(path, name)),
    }))
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein distance: insertions, deletions and exchanges of one letter. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
