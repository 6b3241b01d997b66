import type { Alert } from "../alert/alert";
import { fieldType } from "../alert/field-type";
import { noColumn, noField } from "../alert/fields";
import { isAlert } from "../alert/json";

/** Schema versions differ, so a field has to be in one row only. */
export function checkField(rows: readonly object[], path: string): void {
  const [first] = rows;
  const has = (row: object): boolean => {
    try {
      return Object.hasOwn(row, path) || valueAt(row, path) !== undefined;
    } catch {
      return true; // that it cannot be read is said where it is read
    }
  };
  if (!first || rows.some(has)) return;
  if (rows.some((row) => "schema" in row && isAlert(row) && fieldType(row as unknown as Alert, path) !== undefined))
    return;
  throw isAlert(first) ? noField(first, path) : noColumn(first, path);
}

/** The value of a field of a row; undefined where it has none. */
export function valueAt(row: object, path: string): unknown {
  if (path in row) return (row as Record<string, unknown>)[path];
  return path.split(".").reduce<any>((value, key) => (value === null ? null : value?.[key]), row);
}
