import type { SchemaField } from "../../../avro/tree";
import type { ReadPath } from "../../survey";
import * as to from "../values";
import { type Brightness, findBrightness, type Place, type Source } from "./brightness";
import { fieldsFor, type Role, timeFields } from "./names";
import { bandName, bandNumbers, isHours, isRadians, isTai } from "./units";

export type { Place } from "./brightness";

/** Everything that could be found in some places; what is absent could not. */
export interface Sources extends Brightness {
  ra?: Source<number>;
  dec?: Source<number>;
  mjdUtc?: Source<number>;
  band?: Source<string>;
  realBogus?: Source<number>;
  limit?: Source<number>;
}

/** Finds what a detection is described by. Earlier places go first. */
export function findSources(places: readonly Place[]): Sources {
  const found: Sources = { ...position(places), ...findBrightness(places) };
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

/** The first of several fields of a role that has a value: drb may be null where rb is not. */
function firstNumber(
  places: readonly Place[],
  role: Role,
  check: (value: number) => number,
): Source<number> | undefined {
  const paths = places.flatMap(({ prefix, fields }) => fieldsFor(role, fields).map((field) => prefix + field.name));
  if (paths.length === 0) return undefined;
  const where = (read: ReadPath) => paths.find((path) => !Number.isNaN(check(to.toNumber(read(path)))));
  return {
    path: paths[0]!,
    of(read) {
      const path = where(read);
      return path === undefined ? Number.NaN : check(to.toNumber(read(path)));
    },
    where,
  };
}
