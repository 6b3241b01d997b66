import type { SchemaField } from "../../../avro/tree";
import { AB_ZERO_POINT_NJY, fluxToMag, MAG_PER_RELATIVE_FLUX, magToFluxNJy } from "../../photometry";
import type { ReadPath } from "../../survey";
import * as to from "../values";
import { errorField, fieldsFor, plainName, type Role, timeFields } from "./names";
import { bandName, bandNumbers, fluxUnit, isAb, isHours, isRadians, isTai } from "./units";

/** A record of the schema that may hold what is looked for, and the path in front of its fields ("candidate."). */
export interface Place {
  readonly prefix: string;
  readonly fields: readonly SchemaField[];
}

/** Where a quantity is read from, and how. */
export interface Source<T> {
  readonly path: string;
  of(read: ReadPath): T;
}

/** Everything that could be found in some places; what is absent could not. */
export interface Sources {
  ra?: Source<number>;
  dec?: Source<number>;
  mjdUtc?: Source<number>;
  band?: Source<string>;
  mag?: Source<number>;
  magErr?: Source<number>;
  fluxNJy?: Source<number>;
  fluxErrNJy?: Source<number>;
  snr?: Source<number>;
  isPositive?: Source<boolean>;
  realBogus?: Source<number>;
  limit?: Source<number>;
  /** The flux as it stands, in whatever unit. */
  raw?: RawFlux;
}

/** A flux in the packet's own unit. */
export interface RawFlux {
  /** Its name without case and underscores: fields of one name have one unit. */
  readonly name: string;
  of(read: ReadPath): number;
  err(read: ReadPath): number;
  /** True when its unit or its zero point is given. */
  isCalibrated: boolean;
}

/** Finds what a detection is described by. Earlier places go first. */
export function findSources(places: readonly Place[]): Sources {
  const found: Sources = { ...position(places), ...photometry(places) };
  set(found, "mjdUtc", time(places));
  set(found, "band", band(places));
  set(found, "realBogus", firstNumber(places, "realBogus", to.toScore));
  set(found, "limit", firstNumber(places, "limit", to.toMag));
  return found;
}

function set<K extends keyof Sources>(found: Sources, name: K, source: Sources[K] | undefined): void {
  if (source) found[name] = source;
}

/** Right ascension and declination of the same record. */
function position(places: readonly Place[]): Sources {
  for (const { prefix, fields } of places) {
    const [ra] = fieldsFor("ra", fields);
    const [dec] = fieldsFor("dec", fields);
    if (!ra || !dec) continue;
    return {
      ra: { path: prefix + ra.name, of: (read) => to.toRa(angle(ra, read(prefix + ra.name), true)) },
      dec: { path: prefix + dec.name, of: (read) => to.toDec(angle(dec, read(prefix + dec.name), false)) },
    };
  }
  return {};
}

/** Degrees; text in sexagesimal form counts hours in right ascension. */
function angle(field: SchemaField, value: unknown, isRa: boolean): number {
  const number = to.toNumber(value);
  if (typeof value === "string" && Number.isNaN(number)) return to.sexagesimal(value) * (isRa ? 15 : 1);
  if (isRadians(field)) return (number * 180) / Math.PI;
  return isRa && isHours(field) ? number * 15 : number;
}

function time(places: readonly Place[]): Source<number> | undefined {
  for (const { prefix, fields } of places) {
    const [field] = timeFields(fields);
    if (!field) continue;
    const path = prefix + field.name;
    const tai = isTai(field);
    return { path, of: (read) => to.toMjdUtc(read(path), tai) };
  }
  return undefined;
}

/** A filter number that nothing explains is given as it is: bands stay apart, and nobody is told a wrong name. */
function band(places: readonly Place[]): Source<string> | undefined {
  // of the detection itself first: a broker's packet may name its filter outside
  const place = places.find(({ fields }) => fieldsFor("band", fields).length > 0);
  if (!place) return undefined;
  const choices = fieldsFor("band", place.fields);
  const chosen = choices.find(({ shape }) => shape === "text") ?? choices[0]!;
  const path = place.prefix + chosen.name;
  const numbers = bandNumbers(chosen);
  return {
    path,
    of(read) {
      const value = read(path);
      if (typeof value === "string") return bandName(to.toText(value));
      return value === null || value === undefined ? "" : (numbers.get(Number(value)) ?? to.toText(String(value)));
    },
  };
}

/** The first of several fields of a role that has a value: rb may be null where drb is not. */
function firstNumber(
  places: readonly Place[],
  role: Role,
  check: (value: number) => number,
): Source<number> | undefined {
  const paths = places.flatMap(({ prefix, fields }) => fieldsFor(role, fields).map((field) => prefix + field.name));
  if (paths.length === 0) return undefined;
  return {
    path: paths[0]!,
    of(read) {
      for (const path of paths) {
        const value = check(to.toNumber(read(path)));
        if (!Number.isNaN(value)) return value;
      }
      return Number.NaN;
    },
  };
}

/** Magnitude and flux of the first place that has either. */
function photometry(places: readonly Place[]): Sources {
  for (const place of places) {
    const [mag] = fieldsFor("mag", place.fields);
    const [flux] = fieldsFor("flux", place.fields);
    if (!mag && !flux) continue;
    const found: Sources = {};
    if (flux) measureFlux(found, place, flux);
    if (mag) measureMag(found, place, mag);
    const [said] = fieldsFor("snr", place.fields);
    if (said) {
      const path = place.prefix + said.name;
      found.snr = { path, of: (read) => to.toSnr(to.toNumber(read(path))) };
    }
    set(found, "isPositive", sign(place) ?? found.isPositive);
    if (mag && isAb(mag) && !found.fluxNJy) fluxOfMag(found);
    return found;
  }
  return {};
}

function measureMag(found: Sources, { prefix, fields }: Place, mag: SchemaField): void {
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
 * A zero point may belong to another flux than the one it stands beside, such as the science image's to a flux that is
 * calibrated already: the magnitude of the same record then differs by far more than aperture corrections do.
 */
const zeroPointTolerance = 1;

/** Flux in nJy needs its unit: from its documentation or name, or from a zero point beside it; otherwise only its sign and S/N are known. */
function measureFlux(found: Sources, { prefix, fields }: Place, flux: SchemaField): void {
  const path = prefix + flux.name;
  const err = errorField(flux, fields);
  const errPath = err && prefix + err.name;
  const rawErr = (read: ReadPath) => (errPath ? to.toFluxErr(to.toNumber(read(errPath))) : Number.NaN);
  const raw = (read: ReadPath) => to.toFlux(to.toNumber(read(path)), errPath ? to.toNumber(read(errPath)) : undefined);
  found.raw = { name: plainName(flux.name), of: raw, err: rawErr, isCalibrated: false };
  found.isPositive = { path, of: (read) => !(raw(read) < 0) };
  if (errPath) found.snr = { path, of: (read) => Math.abs(raw(read)) / rawErr(read) };

  const unit = fluxUnit(flux, fields);
  const [zeroPoint] = fieldsFor("zeroPoint", fields);
  if (unit === undefined && !zeroPoint) return;
  found.raw.isCalibrated = true;
  const [mag] = fieldsFor("mag", fields);
  const factor = (read: ReadPath): number => unit ?? byZeroPoint(read);
  const byZeroPoint = (read: ReadPath): number => {
    const zp = to.toMag(to.toNumber(read(prefix + zeroPoint!.name)));
    const given = mag ? to.toMag(to.toNumber(read(prefix + mag.name))) : Number.NaN;
    const off = Math.abs(zp - 2.5 * Math.log10(Math.abs(raw(read))) - given);
    return off > zeroPointTolerance ? Number.NaN : 10 ** (0.4 * (AB_ZERO_POINT_NJY - zp));
  };
  const nJy = (read: ReadPath) => raw(read) * factor(read);
  const errNJy = (read: ReadPath) => rawErr(read) * factor(read);
  found.fluxNJy = { path, of: nJy };
  found.mag = { path, of: (read) => fluxToMag(Math.abs(nJy(read))).mag };
  if (!errPath) return;
  found.fluxErrNJy = { path: errPath, of: errNJy };
  found.magErr = { path: errPath, of: (read) => fluxToMag(Math.abs(nJy(read)), errNJy(read)).magErr };
}

/** An AB magnitude is a flux by definition; one of another system, or of none that is named, is not. */
function fluxOfMag(found: Sources): void {
  const { mag, magErr, isPositive } = found;
  const flux = (read: ReadPath) =>
    magToFluxNJy(mag!.of(read), magErr?.of(read), isPositive?.of(read) === false ? -1 : 1);
  found.fluxNJy = { path: mag!.path, of: (read) => flux(read).fluxNJy };
  if (magErr) found.fluxErrNJy = { path: magErr.path, of: (read) => flux(read).fluxErrNJy };
}

function sign({ prefix, fields }: Place): Source<boolean> | undefined {
  const [positive] = fieldsFor("positive", fields);
  const [negative] = fieldsFor("negative", fields);
  const field = positive ?? negative;
  if (!field) return undefined;
  const path = prefix + field.name;
  return { path, of: (read) => (read(path) === null ? true : to.toSign(read(path)) === (field === positive)) };
}
