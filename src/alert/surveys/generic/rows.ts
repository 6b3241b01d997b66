import type { SchemaField } from "../../../avro/tree";
import { MAG_PER_RELATIVE_FLUX } from "../../photometry";
import type { ReadPath } from "../../survey";
import type { Detection, ForcedPoint, UpperLimit } from "../../types";
import { rowsOf, toId, toNumber } from "../values";
import { fieldsFor, plainName } from "./names";
import { allPlaces, detectionPlaces, isElsewhere } from "./places";
import { findSources, type Sources } from "./sources";

/** An array of earlier measurements. */
export interface RowList {
  readonly path: string;
  readonly isForced: boolean;
  readonly sources: Sources;
  readonly idPath: string | undefined;
  /** A flag of each row that it is forced photometry, where one list mixes both. */
  readonly forcedPath: string | undefined;
  /** The noise of visits that saw nothing, where rows give that instead of a limit; `of` is the name of its flux. */
  readonly noise: { readonly path: string; readonly of: string } | undefined;
}

/** Arrays of records that have a time and a brightness, or a limit: a light curve by what is in it, not by its name. */
export function findRowLists(fields: readonly SchemaField[]): RowList[] {
  return allPlaces(fields).flatMap(({ prefix, fields: inner }) =>
    inner
      .filter((field) => field.shape === "array" && field.fields.length > 0 && !isElsewhere(prefix + field.name))
      .flatMap((field) => {
        const sources = findSources(detectionPlaces(field.fields));
        const { mag, fluxNJy, snr, limit, raw } = sources;
        const noise = mag || raw || limit ? undefined : noiseOf(field.fields);
        if (!sources.mjdUtc || !(mag || fluxNJy || snr || limit || raw || noise)) return [];
        const isForced = /forc|^fp|fphist/.test(plainName(field.name));
        const idPath = fieldsFor("alertId", field.fields)[0]?.name;
        const forcedPath = field.fields.find(
          ({ name, shape }) => shape === "boolean" && /^(is)?forced$/i.test(name),
        )?.name;
        return [{ path: prefix + field.name, isForced, sources, idPath, forcedPath, noise }];
      }),
  );
}

function noiseOf(fields: readonly SchemaField[]): RowList["noise"] {
  const field = fields.find(({ name, shape }) => shape === "number" && /fluxerr$/.test(plainName(name)));
  return field && { path: field.name, of: plainName(field.name).replace(/err$/, "") };
}

export interface Row extends Detection {
  readonly limit: number;
  readonly isForced: boolean;
}

/** How fluxes whose rows do not say their unit are converted: as the detection's own flux of that name. */
export interface SharedUnit {
  readonly name: string;
  /** Factor to nJy, and magnitude of flux 1, both for this packet; NaN when not known. */
  of(read: ReadPath): {
    readonly toNJy: number;
    readonly zeroPoint: number;
    /** Name of the zero point that does not give back the detection's magnitude. */
    readonly refuted: string | undefined;
  };
}

/** The rows of one list, converted. */
export function readRows(list: RowList, read: ReadPath, shared?: SharedUnit): Row[] {
  const { sources, idPath, forcedPath, isForced, noise } = list;
  const { raw } = sources;
  const unit = shared && raw?.name === shared.name && !raw.isCalibrated && !sources.mag ? shared.of(read) : undefined;
  const refuted = raw?.zeroPoint && shared?.of(read).refuted === raw.zeroPoint.name ? raw.zeroPoint.path : undefined;
  const silence = noise && noise.of === shared?.name ? shared.of(read).zeroPoint : Number.NaN;
  return rowsOf(read(list.path)).map((row) => {
    const get: ReadPath = (path) =>
      path === refuted ? null : path.split(".").reduce((value, name) => value?.[name], row);
    const number = (
      name: "ra" | "dec" | "mjdUtc" | "mag" | "magErr" | "fluxNJy" | "fluxErrNJy" | "realBogus" | "limit",
    ) => sources[name]?.of(get) ?? Number.NaN;
    const own = unit ? inUnit(raw!.of(get), raw!.err(get), unit) : undefined;
    const said = sources.isPositive?.of(get) ?? true;
    return {
      mjdUtc: number("mjdUtc"),
      band: sources.band?.of(get) ?? "",
      mag: own?.mag ?? number("mag"),
      magErr: own?.magErr ?? number("magErr"),
      fluxNJy: own?.fluxNJy ?? number("fluxNJy"),
      fluxErrNJy: own?.fluxErrNJy ?? number("fluxErrNJy"),
      isPositive: own && own.fluxNJy !== 0 && !Number.isNaN(own.fluxNJy) ? own.fluxNJy > 0 : said,
      ra: number("ra"),
      dec: number("dec"),
      realBogus: number("realBogus"),
      alertId: idPath === undefined ? null : toId(get(idPath)),
      limit: noise ? limitOf(toNumber(get(noise.path)), silence) : number("limit"),
      isForced: isForced || (forcedPath !== undefined && get(forcedPath) === true),
    };
  });
}

/** 5 sigma, as surveys give their limits. */
const limitOf = (noise: number, zeroPoint: number): number =>
  noise > 0 ? zeroPoint - 2.5 * Math.log10(5 * noise) : Number.NaN;

function inUnit(flux: number, err: number, { toNJy, zeroPoint }: { toNJy: number; zeroPoint: number }) {
  const size = Math.abs(flux);
  return {
    mag: size > 0 ? zeroPoint - 2.5 * Math.log10(size) : Number.NaN,
    magErr: MAG_PER_RELATIVE_FLUX * (err / size),
    fluxNJy: flux * toNJy,
    fluxErrNJy: err * toNJy,
  };
}

export const isMeasured = (row: Row): boolean => !Number.isNaN(row.mag) || !Number.isNaN(row.fluxNJy);

export function toDetection({ limit: _, isForced: __, ...detection }: Row): Detection {
  return detection;
}

export const toLimit = ({ mjdUtc, band, limit }: Row): UpperLimit => ({ mjdUtc, band, mag: limit });

export const toForced = ({ mjdUtc, band, fluxNJy, fluxErrNJy }: Row): ForcedPoint => ({
  mjdUtc,
  band,
  fluxNJy,
  fluxErrNJy,
});
