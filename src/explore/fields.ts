import type { Alert } from "../alert/alert";
import { commonFields, fieldNamesInOrder } from "../alert/common-view";
import { type DataType, fieldType } from "../alert/field-type";
import { findField, noColumn, noField } from "../alert/fields";
import { isAlert } from "../alert/json";
import { BootcampError, messageOf, usageError } from "../errors";

/**
 * Which fields become columns.
 *
 * As a list: names of the common view ("mag"), or packet paths ("candidate.rb"), whose last part names the column. As an
 * object: column name → path, or a function of the alert.
 */
export type Fields = readonly string[] | Readonly<Record<string, string | ((row: any) => unknown)>>;

/** One column to be: how it is read from a row, and the type that the schema of the row's alert gives it. */
export interface FieldReader {
  readonly name: string;
  read(row: any): unknown;
  typeOf(row: any): DataType | undefined;
}

/** The columns that rows have, and which of the fields that were asked for have been met. */
export interface FieldReaders {
  of(row: object): Iterable<FieldReader>;
  /** @throws NO_FIELD for a field that neither a schema nor a row had */
  refuseAbsent(): void;
  /** Columns that are there even without a row. */
  whenEmpty(): { name: string; type: DataType }[];
}

/** @throws USAGE for fields that are none, or two of one name */
export function fieldReaders(fields: Fields | undefined): FieldReaders {
  if (fields === undefined) return allFields();
  if (fields === null || typeof fields !== "object") throw usageError("fields as a list or as { name: path }", fields);
  const pairs: [string, unknown][] = Array.isArray(fields)
    ? (fields as readonly string[]).map((path) => [String(path).split(".").at(-1)!, path])
    : Object.entries(fields);
  if (pairs.length === 0) throw usageError("at least one field", "none");
  const readers = new Map<string, FieldReader & { found?: boolean; path?: string }>();
  for (const [name, source] of pairs) {
    if (readers.has(name))
      throw usageError("columns of different names", name, `name them: { ${name}_1: "…", ${name}_2: "…" }`);
    if (typeof source === "function") readers.set(name, byFunction(name, source as (row: unknown) => unknown));
    else if (typeof source === "string" && source !== "") readers.set(name, new PathReader(name, source));
    else throw usageError("a field name or function", source);
  }
  const list = [...readers.values()];
  let first: object | undefined;
  return {
    of(row) {
      first ??= row;
      return list;
    },
    refuseAbsent() {
      for (const reader of list) if (reader.found === false) throw absent(first!, reader.path!);
    },
    whenEmpty: () => list.map(({ name, path }) => ({ name, type: emptyType(path ?? "") })),
  };
}

const absent = (row: object, path: string): BootcampError => (isAlert(row) ? noField(row, path) : noColumn(row, path));

/** Ids differ between surveys; without an alert nobody knows whose they would be. */
const emptyAlert = { schema: undefined as never, sources: {} as never };
const emptyType = (name: string): DataType =>
  Object.hasOwn(commonFields, name) ? (fieldType(emptyAlert, name) ?? "any") : "any";

function allFields(): FieldReaders {
  const common = fieldNamesInOrder.map((name) => new PathReader(name, name));
  const plain = new Map<string, FieldReader>();
  let rows = 0;
  const byKey = (name: string): FieldReader => {
    let reader = plain.get(name);
    if (!reader) plain.set(name, (reader = { name, read: (row) => row[name], typeOf: () => undefined }));
    return reader;
  };
  return {
    of: (row) => {
      rows++;
      return isAlert(row) ? common : Object.keys(row).map(byKey);
    },
    refuseAbsent: () => {},
    whenEmpty: () => (rows > 0 ? [] : common.map(({ name }) => ({ name, type: emptyType(name) }))),
  };
}

function byFunction(name: string, read: (row: unknown) => unknown): FieldReader {
  let row = 0;
  return {
    name,
    read(from) {
      row++;
      try {
        return read(from);
      } catch (error) {
        throw new BootcampError("USAGE", `The function of column ${name} failed at row ${row}: ${messageOf(error)}`, {
          cause: error,
          remedy: "a value on the way may be null: write alert.match?.row.name",
        });
      }
    },
    typeOf: () => undefined,
  };
}

/** A path starts at the row itself (`mag`, `packet.candidate.rb`) or else inside the packet (`candidate.rb`). */
class PathReader implements FieldReader {
  /** A schema or a row had it. */
  found = false;
  /** By the schema of the alerts: the whole path, and its type. */
  private readonly known = new WeakMap<object, { path: string; type: DataType } | null>();

  constructor(
    readonly name: string,
    readonly path: string,
  ) {}

  read(row: any): unknown {
    const place = this.placeIn(row);
    if (place) return findField(row, place.path) ?? null;
    const value = isAlert(row) ? (findField(row, this.path) ?? findField(row, `packet.${this.path}`)) : undefined;
    const answer = value === undefined ? walk(row, this.path) : value;
    if (answer !== undefined) this.found = true;
    return answer ?? null;
  }

  typeOf(row: any): DataType | undefined {
    return this.placeIn(row)?.type;
  }

  private placeIn(row: Partial<Alert>): { path: string; type: DataType } | null {
    const { schema, sources } = row;
    if (!schema || !sources || !isAlert(row)) return null;
    let place = this.known.get(schema);
    if (place === undefined) {
      const paths = [this.path, `packet.${this.path}`];
      const path = paths.find((each) => fieldType(row as Alert, each) !== undefined);
      place = path === undefined ? null : { path, type: fieldType(row as Alert, path)! };
      if (place) this.found = true;
      this.known.set(schema, place);
    }
    return place;
  }
}

/** Own fields only: what every object inherits is none. */
function walk(row: object, path: string): unknown {
  let value: any = row;
  for (const part of path.split(".")) {
    if (value === null) return null;
    if (typeof value !== "object" || !(part in value) || part in Object.prototype) return undefined;
    value = value[part];
  }
  return value;
}
