import type { SchemaField } from "../../../avro/tree";
import type { ReadPath } from "../../survey";
import type { Detection, ForcedPoint, UpperLimit } from "../../types";
import { fieldsFor, plainName } from "./names";
import { allPlaces, detectionPlaces } from "./places";
import { findSources, type Sources } from "./sources";
import { toId } from "./values";

/** An array of earlier measurements. */
export interface RowList {
  readonly path: string;
  readonly isForced: boolean;
  readonly sources: Sources;
  readonly idPath: string | undefined;
}

/** Arrays of records that have a time and a brightness, or a limit: a light curve by what is in it, not by its name. */
export function findRowLists(fields: readonly SchemaField[]): RowList[] {
  return allPlaces(fields).flatMap(({ prefix, fields: inner }) =>
    inner
      .filter((field) => field.shape === "array" && field.fields.length > 0)
      .flatMap((field) => {
        const sources = findSources(detectionPlaces(field.fields));
        if (!sources.mjdUtc || !(sources.mag || sources.fluxNJy || sources.snr || sources.limit)) return [];
        const isForced = /forc|^fp|fphist/.test(plainName(field.name));
        return [{ path: prefix + field.name, isForced, sources, idPath: fieldsFor("alertId", field.fields)[0]?.name }];
      }),
  );
}

export interface Row extends Detection {
  readonly limit: number;
}

/** The rows of one list, converted. */
export function readRows(list: RowList, read: ReadPath): Row[] {
  const { sources, idPath } = list;
  const rows: unknown = read(list.path);
  if (!Array.isArray(rows)) return [];
  return rows.filter(Boolean).map((row) => {
    const get: ReadPath = (path) => path.split(".").reduce((value, name) => value?.[name], row);
    const number = (
      name: "ra" | "dec" | "mjdUtc" | "mag" | "magErr" | "fluxNJy" | "fluxErrNJy" | "realBogus" | "limit",
    ) => sources[name]?.of(get) ?? Number.NaN;
    return {
      mjdUtc: number("mjdUtc"),
      band: sources.band?.of(get) ?? "",
      mag: number("mag"),
      magErr: number("magErr"),
      fluxNJy: number("fluxNJy"),
      fluxErrNJy: number("fluxErrNJy"),
      isPositive: sources.isPositive?.of(get) ?? true,
      ra: number("ra"),
      dec: number("dec"),
      realBogus: number("realBogus"),
      alertId: idPath === undefined ? null : toId(get(idPath)),
      limit: number("limit"),
    };
  });
}

export const isMeasured = (row: Row): boolean => !Number.isNaN(row.mag) || !Number.isNaN(row.fluxNJy);

export function toDetection({ limit: _, ...detection }: Row): Detection {
  return detection;
}

export const toLimit = ({ mjdUtc, band, limit }: Row): UpperLimit => ({ mjdUtc, band, mag: limit });

export const toForced = ({ mjdUtc, band, fluxNJy, fluxErrNJy }: Row): ForcedPoint => ({
  mjdUtc,
  band,
  fluxNJy,
  fluxErrNJy,
});
