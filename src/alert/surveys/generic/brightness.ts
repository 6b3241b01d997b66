import type { SchemaField } from "../../../avro/tree";
import { AB_ZERO_POINT_NJY, fluxToMag, MAG_PER_RELATIVE_FLUX, magToFluxNJy } from "../../photometry";
import type { ReadPath } from "../../survey";
import * as to from "../values";
import { errorField, fieldsFor, plainName } from "./names";
import { sayOnce } from "./say-once";
import { fluxUnit, isAb, isOfOtherSystem } from "./units";

/** A record of the schema that may hold what is looked for, and the path in front of its fields ("candidate."). */
export interface Place {
  readonly prefix: string;
  readonly fields: readonly SchemaField[];
}

/** Where a quantity is read from, and how. */
export interface Source<T> {
  readonly path: string;
  of(read: ReadPath): T;
  /** Where the value of one packet is read from, where that differs from packet to packet. */
  where?(read: ReadPath): string | undefined;
}

/** What says how bright a detection is. */
export interface Brightness {
  mag?: Source<number>;
  magErr?: Source<number>;
  fluxNJy?: Source<number>;
  fluxErrNJy?: Source<number>;
  snr?: Source<number>;
  isPositive?: Source<boolean>;
  /** The flux as it stands, in whatever unit. */
  raw?: RawFlux;
}

/** A flux in the packet's own unit. */
export interface RawFlux {
  /** Its name without case and underscores: fields of one name have one unit. */
  readonly name: string;
  of(read: ReadPath): number;
  err(read: ReadPath): number;
  /** Factor to nJy; NaN where neither unit nor zero point is given, or the magnitude of the record contradicts them. */
  toNJy(read: ReadPath): number;
  /** True when its unit or its zero point is given. */
  readonly isCalibrated: boolean;
  /** The zero point, where that gives the unit: its path, and its name without case and underscores. */
  readonly zeroPoint: { readonly path: string; readonly name: string } | undefined;
}

/** Magnitude and flux of the first place that has either. */
export function findBrightness(places: readonly Place[]): Brightness {
  for (const place of places) {
    const [mag] = fieldsFor("mag", place.fields);
    const [flux] = fieldsFor("flux", place.fields);
    if (!mag && !flux) continue;
    const found: Brightness = {};
    const flag = signFlag(place);
    if (flux) measureFlux(found, place, flux);
    if (mag) measureMag(found, place, mag);
    const [said] = fieldsFor("snr", place.fields);
    if (said) {
      const path = place.prefix + said.name;
      found.snr = { path, of: (read) => to.toSnr(to.toNumber(read(path))) };
    }
    if (flag) found.isPositive = flag;
    if (mag && isAb(mag)) fluxOfMag(found);
    if (flag && found.fluxNJy) found.isPositive = signOf(found.fluxNJy, flag);
    return found;
  }
  return {};
}

function measureMag(found: Brightness, { prefix, fields }: Place, mag: SchemaField): void {
  const path = prefix + mag.name;
  const fromFlux = found.mag;
  const value = (read: ReadPath) => to.toMag(to.toNumber(read(path)));
  // where the magnitude is missing and the flux is not, the flux gives it
  const orFlux = (read: ReadPath) => {
    const given = value(read);
    return Number.isNaN(given) && fromFlux ? fromFlux.of(read) : given;
  };
  found.mag = { path, of: orFlux };
  const err = errorField(mag, fields);
  if (!err) return;
  const errPath = prefix + err.name;
  found.magErr = { path: errPath, of: (read) => to.toMagErr(to.toNumber(read(errPath))) };
  found.snr ??= { path: errPath, of: (read) => MAG_PER_RELATIVE_FLUX / to.toMagErr(to.toNumber(read(errPath))) };
}

/**
 * How far a flux may lie from the magnitude of its record, mag. Both are the same measurement, so that rounding alone parts
 * them (ATLAS rounds fluxes to 1 uJy: 0.03 mag at 60 uJy). Farther apart, the zero point is of another system (2MASS in
 * PGIR's packets: 0.9 mag in J) or of another image.
 */
const sameBrightness = 0.05;

/** Flux in nJy needs its unit: from its documentation or name, or from a zero point beside it; otherwise only its sign and S/N are known. */
function measureFlux(found: Brightness, { prefix, fields }: Place, flux: SchemaField): void {
  const path = prefix + flux.name;
  const err = errorField(flux, fields);
  const errPath = err && prefix + err.name;
  const rawErr = (read: ReadPath) => (errPath ? to.toFluxErr(to.toNumber(read(errPath))) : Number.NaN);
  const raw = (read: ReadPath) => to.toFlux(to.toNumber(read(path)), errPath ? to.toNumber(read(errPath)) : undefined);
  found.isPositive = { path, of: (read) => !(raw(read) < 0) };
  if (errPath) found.snr = { path, of: (read) => Math.abs(raw(read)) / rawErr(read) };

  const unit = fluxUnit(flux, fields);
  const [mag] = fieldsFor("mag", fields);
  const [zeroPoint] = unit === undefined ? fieldsFor("zeroPoint", fields) : [];
  const isCalibrated = unit !== undefined || zeroPoint !== undefined;
  const isOther = unit === undefined && [zeroPoint, mag].some((field) => field && isOfOtherSystem(field));
  const claimed = (read: ReadPath): number => {
    if (unit !== undefined) return unit;
    if (!zeroPoint || isOther) return Number.NaN;
    return 10 ** (0.4 * (AB_ZERO_POINT_NJY - to.toMag(to.toNumber(read(prefix + zeroPoint.name)))));
  };
  const toNJy = (read: ReadPath): number => {
    const factor = claimed(read);
    const given = mag ? to.toMag(to.toNumber(read(prefix + mag.name))) : Number.NaN;
    const off = Math.abs(fluxToMag(Math.abs(raw(read)) * factor).mag - given);
    return off > sameBrightness ? Number.NaN : factor;
  };
  found.raw = {
    name: plainName(flux.name),
    of: raw,
    err: rawErr,
    toNJy,
    isCalibrated,
    zeroPoint: zeroPoint && { path: prefix + zeroPoint.name, name: plainName(zeroPoint.name) },
  };
  if (!isCalibrated) return;
  const nJy = (read: ReadPath) => raw(read) * toNJy(read);
  found.fluxNJy = { path, of: nJy };
  found.mag = { path, of: (read) => fluxToMag(Math.abs(raw(read) * claimed(read))).mag };
  if (!errPath) return;
  found.fluxErrNJy = { path: errPath, of: (read) => rawErr(read) * toNJy(read) };
  found.magErr = { path: errPath, of: (read) => (MAG_PER_RELATIVE_FLUX * rawErr(read)) / Math.abs(raw(read)) };
}

/** An AB magnitude is a flux by definition, where no other flux is known; one of another system, or of none that is named, is not. */
function fluxOfMag(found: Brightness): void {
  const { mag, magErr, isPositive, fluxNJy, fluxErrNJy } = found;
  const flux = (read: ReadPath) =>
    magToFluxNJy(mag!.of(read), magErr?.of(read), isPositive?.of(read) === false ? -1 : 1);
  const orElse = (given: Source<number> | undefined, name: "fluxNJy" | "fluxErrNJy") => (read: ReadPath) => {
    const isKnown = fluxNJy !== undefined && !Number.isNaN(fluxNJy.of(read));
    return isKnown ? (given?.of(read) ?? Number.NaN) : flux(read)[name];
  };
  found.fluxNJy = { path: fluxNJy?.path ?? mag!.path, of: orElse(fluxNJy, "fluxNJy") };
  if (magErr) found.fluxErrNJy = { path: fluxErrNJy?.path ?? magErr.path, of: orElse(fluxErrNJy, "fluxErrNJy") };
}

function signFlag({ prefix, fields }: Place): Source<boolean> | undefined {
  const [positive] = fieldsFor("positive", fields);
  const [negative] = fieldsFor("negative", fields);
  const field = positive ?? negative;
  if (!field) return undefined;
  const path = prefix + field.name;
  return { path, of: (read) => to.isUnsaid(read(path)) || to.toSign(read(path)) === (field === positive) };
}

/** The sign of the flux where one is known, the packet's word for it otherwise. */
function signOf(fluxNJy: Source<number>, flag: Source<boolean>): Source<boolean> {
  return {
    path: flag.path,
    of(read) {
      const said = flag.of(read);
      const flux = fluxNJy.of(read);
      if (!(flux > 0 || flux < 0)) return said;
      if (said !== flux > 0) {
        const [word, sign] = said ? ["brighter", "negative"] : ["fainter", "positive"];
        sayOnce(
          `${flag.path} says "${word} than the reference" where ${fluxNJy.path} is ${sign}: isPositive follows the flux`,
        );
      }
      return flux > 0;
    },
  };
}
