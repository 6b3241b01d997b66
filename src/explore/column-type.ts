import type { DataType } from "../alert/field-type";

/** As {@link DataType}, and `whole`: numbers of which all so far had no fraction, so that they may join 64-bit integers. */
export type ColumnType =
  | Exclude<DataType, object>
  | "whole"
  | { readonly list: ColumnType }
  | { readonly map: ColumnType }
  | { readonly record: Readonly<Record<string, ColumnType>> };

/** True for what is kept as missing: null, undefined, NaN, a date that is none. */
export function isMissing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "number") return Number.isNaN(value);
  return value instanceof Date && Number.isNaN(value.getTime());
}

/** The type that a value has by itself. */
export function typeOfValue(value: unknown): ColumnType {
  if (isMissing(value)) return "any";
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? "whole" : "number";
    case "bigint":
    case "string":
    case "boolean":
      return typeof value as "bigint";
    case "object":
      return typeOfObject(value as object);
    default:
      return "string";
  }
}

function typeOfObject(value: object): ColumnType {
  if (value instanceof Date) return "date";
  if (ArrayBuffer.isView(value)) return "bytes";
  if (Array.isArray(value)) return { list: value.reduce<ColumnType>((type, item) => joined(type, item), "any") };
  const record: Record<string, ColumnType> = Object.create(null);
  for (const [name, item] of Object.entries(value)) record[name] = typeOfValue(item);
  return { record };
}

/** The type that holds a column of `type` and this value as well: `type` itself, when the value fits. */
export function joined(type: ColumnType, value: unknown): ColumnType {
  return fits(type, value) ? type : merged(type, typeOfValue(value));
}

function fits(type: ColumnType, value: unknown): boolean {
  if (isMissing(value)) return true;
  if (typeof type === "string") {
    if (type === "number") return typeof value === "number";
    if (type === "int" || type === "whole")
      return typeof value === "number" && (type === "int" ? (value | 0) === value : Number.isSafeInteger(value));
    return type === "date" ? value instanceof Date : type !== "any" && typeof value === type;
  }
  if (typeof value !== "object" || value instanceof Date || ArrayBuffer.isView(value)) return false;
  if ("list" in type) return Array.isArray(value) && value.every((item) => fits(type.list, item));
  if (Array.isArray(value)) return false;
  if ("map" in type) return Object.values(value!).every((item) => fits(type.map, item));
  return Object.entries(value!).every(
    ([name, item]) => Object.hasOwn(type.record, name) && fits(type.record[name]!, item),
  );
}

/** From narrow to wide: each holds every value of those before it that it can be joined with. */
const wider: Readonly<Record<string, readonly string[]>> = {
  whole: ["int", "bigint", "number"],
  int: ["bigint", "number"],
};

/** The narrowest type that holds the values of both; text holds everything. */
export function merged(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b || b === "any") return a;
  if (a === "any") return b;
  if (a === "bytes" || b === "bytes") return "bytes"; // refused, whatever else there is
  if (typeof a === "string" || typeof b === "string") {
    if (typeof a !== "string" || typeof b !== "string") return "string";
    // a whole number may be beyond 32 bits
    if ((a === "whole" && b === "int") || (a === "int" && b === "whole")) return "number";
    return wider[a]?.includes(b) ? b : wider[b]?.includes(a) ? a : "string";
  }
  if ("list" in a || "list" in b) return "list" in a && "list" in b ? { list: merged(a.list, b.list) } : "string";
  if ("map" in a || "map" in b) {
    const itemOf = (type: typeof a | typeof b): ColumnType =>
      "map" in type
        ? type.map
        : Object.values((type as { record: Record<string, ColumnType> }).record).reduce(merged, "any" as ColumnType);
    return { map: merged(itemOf(a), itemOf(b)) };
  }
  const record: Record<string, ColumnType> = Object.assign(Object.create(null), a.record);
  for (const [name, type] of Object.entries(b.record)) record[name] = merged(record[name] ?? "any", type);
  return { record };
}
