import type { WriterSchema } from "../../../avro/schema";
import { fieldTree, type SchemaField } from "../../../avro/tree";
import type { Column, CommonColumns, CommonName, ReadPath, SurveyTable } from "../../survey";
import { fieldsFor, type Role } from "./names";
import { detectionPlaces } from "./places";
import {
  findRowLists,
  isMeasured,
  type Row,
  type RowList,
  readRows,
  type SharedUnit,
  toDetection,
  toForced,
  toLimit,
} from "./rows";
import { findSources, type Place, type Sources } from "./sources";
import { findStamps } from "./stamps";
import { toId, toText } from "./values";

type Columns = { [K in CommonName]?: Column<CommonColumns[K]> };

/**
 * The common view of an alert of any survey, found by rule from the names, types and documentation of its schema.
 *
 * The record that has position, time and brightness is the detection; a packet without one, but with a list of
 * measurements, is described by the newest of them. Lists of measurements are history, forced photometry (by their name)
 * or limits (rows with a limit and no brightness). Magnitudes are taken as they are given, in the survey's own system.
 */
export function genericTable(schema: WriterSchema): SurveyTable {
  const fields = fieldTree(schema);
  const places = detectionPlaces(fields);
  const sources = findSources(places);
  const lists = findRowLists(fields);
  const detections = lists.filter((list) => !list.isForced);
  const mayBeForced = lists.filter((list) => list.isForced || list.forcedPath !== undefined);
  const isBright = sources.mag || sources.raw || sources.snr;
  const newest = isBright ? undefined : newestOf(detections);
  const columns: Columns = {};
  addMeasured(columns, newest ? withoutSky(sources) : sources);
  if (newest) addNewest(columns, newest, detections[0]!);
  addNames(columns, places, fields);
  if (newest && detections[0]!.idPath !== undefined) {
    columns.alertId ??= { from: detections[0]!.path, as: (_value, read) => newest(read)?.alertId ?? null };
  }

  const idOf = (read: ReadPath) =>
    columns.alertId?.as ? columns.alertId.as(read(columns.alertId.from as string), read) : null;
  const own = (row: Row, read: ReadPath): boolean => {
    if (newest) return sameTime(row, newest(read));
    const id = idOf(read);
    if (id !== null && row.alertId !== null) return id === row.alertId;
    const time = sources.mjdUtc?.of(read) ?? Number.NaN;
    return Math.abs(row.mjdUtc - time) < 1e-6 && row.band === (sources.band?.of(read) ?? "");
  };
  const shared = newest ? undefined : sharedUnit(sources);
  const rowsOf = (some: readonly RowList[], read: ReadPath) =>
    some.flatMap((list) => readRows(list, read, shared)).sort(byTime);
  return {
    name: "unknown",
    columns,
    points(read) {
      const rows = rowsOf(detections, read).filter((row) => !row.isForced && !own(row, read));
      return {
        history: rows.filter(isMeasured).map(toDetection),
        upperLimits: rows.filter((row) => !isMeasured(row) && !Number.isNaN(row.limit)).map(toLimit),
      };
    },
    forced: (read) =>
      rowsOf(mayBeForced, read)
        .filter((row) => row.isForced)
        .map(toForced),
    stamps: findStamps(fields),
  };
}

const byTime = (a: { mjdUtc: number }, b: { mjdUtc: number }): number => a.mjdUtc - b.mjdUtc;
const sameTime = (a: Row, b: Row | undefined): boolean => b !== undefined && a.mjdUtc === b.mjdUtc && a.band === b.band;

function addMeasured(columns: Columns, sources: Sources): void {
  const { limit: _, raw: __, ...measured } = sources;
  for (const [name, source] of Object.entries(measured)) {
    (columns as Record<string, Column<unknown>>)[name] = { from: source.path, as: (_value, read) => source.of(read) };
  }
}

/** The unit of the detection's flux holds for all fluxes of that name in the packet; its magnitude gives it where nothing else does. */
function sharedUnit({ raw, mag, fluxNJy }: Sources): SharedUnit | undefined {
  if (!raw) return undefined;
  return {
    name: raw.name,
    of(read) {
      const size = Math.abs(raw.of(read));
      const toNJy = fluxNJy ? fluxNJy.of(read) / raw.of(read) : Number.NaN;
      const zeroPoint = (mag?.of(read) ?? Number.NaN) + 2.5 * Math.log10(size);
      return { toNJy, zeroPoint };
    },
  };
}

/** Position of the object may stand apart from its measurements; everything else belongs to the measurement. */
function withoutSky({ ra, dec }: Sources): Sources {
  return { ...(ra ? { ra } : {}), ...(dec ? { dec } : {}) };
}

function newestOf(lists: readonly RowList[]): ((read: ReadPath) => Row | undefined) | undefined {
  if (lists.length === 0) return undefined;
  return (read) =>
    lists
      .flatMap((list) => readRows(list, read))
      .filter((row) => !row.isForced && isMeasured(row))
      .sort(byTime)
      .at(-1);
}

function addNewest(columns: Columns, newest: (read: ReadPath) => Row | undefined, list: RowList): void {
  const names = [
    "ra",
    "dec",
    "mjdUtc",
    "band",
    "mag",
    "magErr",
    "fluxNJy",
    "fluxErrNJy",
    "isPositive",
    "realBogus",
  ] as const;
  for (const name of names) {
    if (!(name in list.sources)) continue;
    (columns as Record<string, Column<unknown>>)[name] ??= {
      from: list.path,
      as: (_value, read) => newest(read)?.[name],
    };
  }
}

/** Ids, visit and field: of the whole packet before the detection's own. */
function addNames(columns: Columns, places: readonly Place[], fields: readonly SchemaField[]): void {
  const all = [{ prefix: "", fields }, ...places];
  const find = (role: Role, not?: string) =>
    all
      .flatMap(({ prefix, fields: of }) => fieldsFor(role, of).map((field) => prefix + field.name))
      .find((path) => path !== not);
  const alertId = find("alertId");
  const objectId = find("objectId", alertId);
  if (alertId !== undefined) columns.alertId = { from: alertId, as: toId };
  if (objectId !== undefined) columns.objectId = { from: objectId, as: toId };
  const field = find("field");
  const fieldOf = (value: unknown) =>
    typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : toText(value) || null;
  if (field !== undefined) columns.field = { from: field, as: fieldOf };
  const visit = find("visit");
  const time = columns.mjdUtc;
  if (visit !== undefined)
    columns.visitId = { from: visit, as: (value, read) => toText(String(value)) || madeUp(read) };
  else if (time) columns.visitId = { from: time.from, as: (_value, read) => madeUp(read) };

  function madeUp(read: ReadPath): string {
    const mjd = time?.as?.(undefined, read) ?? Number.NaN;
    return `${Number.isNaN(mjd) ? "unknown" : mjd.toFixed(6)}-${field === undefined ? "none" : (fieldOf(read(field)) ?? "none")}`;
  }
}
