import type { WriterSchema } from "../../../avro/schema";
import { fieldTree, type SchemaField } from "../../../avro/tree";
import { type ColumnName, type CommonView, pointFields } from "../../common-view";
import type { Column, ReadPath, SurveyTable } from "../../survey";
import { toField, toId, toText } from "../values";
import { fieldsFor, plainName, type Role } from "./names";
import { ownOf } from "./own";
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

type Columns = { [K in ColumnName]?: Column<CommonView[K]> };

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

  const designations = places.flatMap(({ prefix, fields: of }) =>
    of
      .filter(({ name, shape }) => shape === "text" && plainName(name) === "designation")
      .map(({ name }) => prefix + name),
  );
  const shared = newest ? undefined : sharedUnit(sources);
  const earlier = detections.map((list) => ({ list, own: newest ? newestRow(newest) : ownOf(list, places, sources) }));
  return {
    name: "unknown",
    columns,
    points(read) {
      const rows = earlier
        .flatMap(({ list, own }) => {
          const isOwn = own(read);
          return readRows(list, read, shared).filter((row) => !row.isForced && !isOwn(row));
        })
        .sort(byTime);
      return {
        history: rows.filter(isMeasured).map(toDetection),
        upperLimits: rows.filter((row) => !isMeasured(row) && !Number.isNaN(row.limit)).map(toLimit),
      };
    },
    forced: (read) =>
      mayBeForced
        .flatMap((list) => readRows(list, read, shared).filter((row) => row.isForced))
        .sort(byTime)
        .map(toForced),
    designation: (read) => designations.map((path) => toText(read(path))).find((name) => name !== "") ?? "",
    stamps: findStamps(fields),
  };
}

const byTime = (a: { mjdUtc: number }, b: { mjdUtc: number }): number => a.mjdUtc - b.mjdUtc;
const newestRow = (newest: (read: ReadPath) => Row | undefined) => (read: ReadPath) => {
  const own = newest(read);
  return (row: Row): boolean => own !== undefined && row.mjdUtc === own.mjdUtc && row.band === own.band;
};

function addMeasured(columns: Columns, sources: Sources): void {
  const { limit: _, raw: __, ...measured } = sources;
  for (const [name, source] of Object.entries(measured)) {
    (columns as Record<string, Column<unknown>>)[name] = {
      from: source.path,
      as: (_value, read) => source.of(read),
      ...(source.where ? { where: source.where } : {}),
    };
  }
}

/** The unit of the detection's flux holds for all fluxes of that name in the packet; its magnitude gives it where nothing else does. */
function sharedUnit({ raw, mag, fluxNJy }: Sources): SharedUnit | undefined {
  if (!raw) return undefined;
  return {
    name: raw.name,
    of(read) {
      const size = Math.abs(raw.of(read));
      const toNJy = fluxNJy ? Math.abs(fluxNJy.of(read)) / size : Number.NaN;
      const zeroPoint = (mag?.of(read) ?? Number.NaN) + 2.5 * Math.log10(size);
      // what the detection's own magnitude contradicts is not believed where no magnitude can
      const refuted = size > 0 && Number.isNaN(raw.toNJy(read)) ? raw.zeroPoint?.name : undefined;
      return { toNJy, zeroPoint, refuted };
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
  for (const name of pointFields) {
    if (name === "alertId" || !(name in list.sources)) continue; // its rule is the caller's
    (columns as Record<string, Column<unknown>>)[name] ??= {
      from: list.path,
      as: (_value, read) => newest(read)?.[name],
    };
  }
}

/**
 * Ids, visit and field: of the whole packet before the detection's own. The object is the one that the detection names; an
 * object's name counts where no record has an id.
 */
function addNames(columns: Columns, places: readonly Place[], fields: readonly SchemaField[]): void {
  const top = { prefix: "", fields };
  const findIn = (all: readonly Place[], role: Role) =>
    all.flatMap(({ prefix, fields: of }) => fieldsFor(role, of).map((field) => prefix + field.name));
  const find = (role: Role) => findIn([top, ...places], role);
  const [alertId] = find("alertId");
  if (alertId !== undefined) columns.alertId = { from: alertId, as: toId };
  const objects = [...findIn([...places, top], "objectId"), ...findIn([...places, top], "objectName")];
  const [objectId, ...others] = new Set(objects.filter((path) => path !== alertId));
  // a moving object is named by another field than a fixed one
  if (objectId !== undefined)
    columns.objectId = { from: objectId, as: (id, read) => toId(id) ?? firstId(others, read) };
  const [field] = find("field");
  if (field !== undefined) columns.field = { from: field, as: toField };
  const [visit] = find("visit");
  const time = columns.mjdUtc;
  if (visit !== undefined) columns.visitId = { from: visit, as: (value, read) => String(toId(value) ?? madeUp(read)) };
  else if (time) columns.visitId = { from: time.from, as: (_value, read) => madeUp(read) };

  function madeUp(read: ReadPath): string {
    const mjd = time?.as?.(undefined, read) ?? Number.NaN;
    return `${Number.isNaN(mjd) ? "unknown" : mjd.toFixed(6)}-${field === undefined ? "none" : (toField(read(field)) ?? "none")}`;
  }
}

function firstId(paths: readonly string[], read: ReadPath): bigint | string | null {
  for (const path of paths) {
    const id = toId(read(path));
    if (id !== null) return id;
  }
  return null;
}
