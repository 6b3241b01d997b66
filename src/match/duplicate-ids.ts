import { BootcampError, usageError } from "../errors";
import { say } from "../terminal";

/** What becomes of rows whose id was there before. */
export type DuplicateIds = "keep" | "refuse" | "first";

/** Columns that name their row in nearly every catalogue; compared without case and underscores. */
const usual = ["id", "sourceid", "objectid", "objid", "oid", "name", "designation", "identifier"];

/**
 * Row numbers (from 0) to leave out because their id was there before; empty unless `onDuplicateId` is "first".
 *
 * @throws CATALOG for duplicates with "refuse", and for an `idColumn` that is not there; USAGE for another choice
 */
export function checkIds(
  rows: readonly object[],
  columns: readonly string[],
  where: string,
  options: { idColumn?: string; onDuplicateId?: DuplicateIds },
): Set<number> {
  const { idColumn, onDuplicateId = idColumn === undefined ? "keep" : "refuse" } = options;
  if (!["keep", "refuse", "first"].includes(onDuplicateId))
    throw usageError('onDuplicateId "keep", "refuse" or "first"', onDuplicateId);
  if (idColumn !== undefined && !columns.includes(idColumn))
    throw new BootcampError(
      "CATALOG",
      `${where}: expected a column "${idColumn}", got ${columns.slice(0, 12).join(", ")}`,
      { where },
    );
  const column = idColumn ?? columns.find((name) => usual.includes(name.toLowerCase().replaceAll("_", "")));
  if (column === undefined) return new Set();
  const first = new Map<unknown, number>();
  const repeated = new Set<number>();
  rows.forEach((row, number) => {
    const id = (row as Record<string, unknown>)[column];
    if (id === null || id === undefined || id === "" || Number.isNaN(id)) return;
    if (first.has(id)) repeated.add(number);
    else first.set(id, number);
  });
  const [one] = repeated;
  if (one === undefined) return repeated;
  const id = (rows[one] as Record<string, unknown>)[column];
  const words = `column "${column}" has ${repeated.size.toLocaleString("en")} ids again, first ${JSON.stringify(String(id))} in rows ${first.get(id)! + 1} and ${one + 1}`;
  if (onDuplicateId === "refuse")
    throw new BootcampError("CATALOG", `${where}: expected ids that differ, but ${words}`, {
      where,
      remedy: 'Choose: { onDuplicateId: "first" } takes the first row of each, "keep" takes all',
    });
  if (onDuplicateId === "first") return repeated;
  say(
    `${where}: ${words}; all rows are kept – choose with { idColumn: "${column}", onDuplicateId: "refuse" or "first" }`,
  );
  return new Set();
}
