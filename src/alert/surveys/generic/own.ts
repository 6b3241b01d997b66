import type { ReadPath } from "../../survey";
import { toId } from "../values";
import { plainName } from "./names";
import type { Row, RowList } from "./rows";
import type { Place, Sources } from "./sources";

/** 0.09 s: shorter than any exposure, longer than what rounding does to a time. */
const sameTime = 1e-6;

/**
 * Tells the alert's own detection among the rows of a list: by its id where rows and detection have one under the same
 * name, since an alert's id and its detection's are numbers of two kinds; otherwise by time and band.
 */
export function ownOf(list: RowList, places: readonly Place[], sources: Sources) {
  const idPath = pathOf(list.idPath, places);
  return (read: ReadPath): ((row: Row) => boolean) => {
    const id = idPath === undefined ? null : toId(read(idPath));
    const mjdUtc = sources.mjdUtc?.of(read) ?? Number.NaN;
    const band = sources.band?.of(read) ?? "";
    return (row) => {
      if (id !== null && row.alertId !== null) return String(id) === String(row.alertId);
      return Math.abs(row.mjdUtc - mjdUtc) < sameTime && row.band === band;
    };
  };
}

function pathOf(rowName: string | undefined, places: readonly Place[]): string | undefined {
  if (rowName === undefined) return undefined;
  for (const { prefix, fields } of places) {
    const same = fields.find((field) => plainName(field.name) === plainName(rowName));
    if (same) return prefix + same.name;
  }
  return undefined;
}
