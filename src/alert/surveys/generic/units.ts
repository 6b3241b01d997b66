import type { SchemaField } from "../../../avro/tree";
import { plainName, unitInName } from "./names";

/** nJy to one of each unit. */
const perUnit: readonly [RegExp, number][] = [
  [/\b(n|nano)\s?-?(jy|janskys?)/i, 1],
  [/(\b|[[(])(u|µ|μ|micro)\s?-?(jy|janskys?)/i, 1e3],
  [/\b(m|milli)\s?-?(jy|janskys?)/i, 1e6],
  [/(\b|[[(])(jy|janskys?)\b/i, 1e9],
];

/** Columns of Rubin's DiaSource table; its fluxes are nJy, which neither names nor documentation say (sdm_schemas, APDB). */
const rubinColumns = ["diasourceid", "midpointmjdtai", "psfflux"];
const otherUnit = /\b(counts?|adu|dn|e-?\/s|electrons?)\b/i;

/**
 * Factor from a flux to nJy as its documentation, its name (`[nJy]`, `flux_uJy`) or the columns around it say it; undefined
 * when none does, as with counts.
 */
export function fluxUnit(field: SchemaField, fields: readonly SchemaField[]): number | undefined {
  const said = perUnit.find(([unit]) => unit.test(field.doc));
  if (said) return said[1];
  const named = unitInName(field.name);
  if (named !== undefined) return { njy: 1, ujy: 1e3, mjy: 1e6, jy: 1e9 }[named];
  const isRubins = rubinColumns.every((name) => fields.some((each) => plainName(each.name) === name));
  return isRubins && !otherUnit.test(field.doc) ? 1 : undefined;
}

/** True for a magnitude that its documentation says to be in the AB system, and in no other. */
export const isAb = (field: SchemaField): boolean => /\bAB\b/.test(field.doc) && !/\bvega\b/i.test(field.doc);

/** True for a magnitude or a zero point that its documentation says to be in another system than AB. */
export const isOfOtherSystem = (field: SchemaField): boolean => /\b(vega|2mass|ST ?mag)\b/i.test(field.doc);

/** True when the documentation says degrees are not what an angle is in. */
export const isRadians = (field: SchemaField): boolean => /\brad(ians?)?\b/i.test(field.doc);
export const isHours = (field: SchemaField): boolean => /\bhours?\b|\[h\]/i.test(field.doc);

/** True for a time in International Atomic Time, by its name or documentation. */
export function isTai(field: SchemaField): boolean {
  if (/tai$/.test(plainName(field.name))) return true;
  return /\bTAI\b|International Atomic/.test(field.doc) && !/\bUTC\b/.test(field.doc);
}

/** The names of numbered filters where the documentation gives them: "Filter ID (1=g; 2=r)", "[1 for W1, 2 for W2]". */
export function bandNumbers(field: SchemaField): ReadonlyMap<number, string> {
  const pairs = [...field.doc.matchAll(/\b(\d+)\s*(?:=|:|for|is)\s*["']?([A-Za-z][\w'-]*)/g)];
  return new Map(pairs.map(([, number, band]) => [Number(number), band!]));
}

/** A band before the camera and system that it is of: "g DECam SDSS c0001 4720.0 1520.0" (NOIRLab), "r LSST", "i' MegaPrime". */
const cameraBand =
  /^([A-Za-z]{1,2}'?) (?:DECam|SDSS|LSST|MegaPrime|MegaCam|HSC|PS1|Sloan|Bessell|Johnson|Cousins|2MASS)\b/;

/**
 * A filter's short name: "ztf_g", "ps1::r", "sdss-i" and "lsstz" (the names of sncosmo) end in it. Case is kept, since R
 * and r are different filters.
 */
export function bandName(text: string): string {
  const first = cameraBand.exec(text);
  if (first) return first[1]!;
  const ending = /^[A-Za-z0-9]{2,}(?:_|-|::|\.|\/| )([A-Za-z][A-Za-z0-9']{0,3})$/.exec(text);
  return ending ? ending[1]! : text.replace(/^(?:ztf|lsst|sdss|des)(?=[ugrizyY]$)/, "");
}
