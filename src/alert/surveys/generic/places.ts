import type { SchemaField } from "../../../avro/tree";
import { fieldsFor, plainName, timeFields } from "./names";
import type { Place } from "./sources";

const maxDepth = 3;

/** Records of the schema that hold one value each, from the outside in; arrays are not entered. */
export function allPlaces(fields: readonly SchemaField[], prefix = "", depth = 0): Place[] {
  const inner = fields.filter((field) => field.shape === "record" && depth < maxDepth);
  return [
    { prefix, fields },
    ...(depth === 0 ? flattened(fields) : []),
    ...inner.flatMap((field) => allPlaces(field.fields, `${prefix}${field.name}.`, depth + 1)),
  ];
}

/** Records that were flattened into their parent: candidate_ra and candidate_jd, as Spark and data frames do it. */
function flattened(fields: readonly SchemaField[]): Place[] {
  const starts = new Set(
    fields.flatMap(({ name }) => /^(candidate|dia_?source|detection|source)_(?=.)/i.exec(name)?.[0] ?? []),
  );
  return [...starts].map((prefix) => ({
    prefix,
    fields: fields.flatMap((field) =>
      field.name.startsWith(prefix) ? [{ ...field, name: field.name.slice(prefix.length) }] : [],
    ),
  }));
}

/** Names of records that describe the detection itself, as against its object, its host or a catalogue match. */
const detectionName = /candidate|source|detection|measurement|photometry|observation|alert|event/;
const otherName = /object|prv|prev|forced|cutout|stamp|annotation|classif/;
/** Records of another source than the detected one: they have positions and magnitudes too, and are never it. */
const elsewhere = /host|match|nearest|neighbou?r|catalog|^ref(erence|$)|template/;

/**
 * The places where the detection is described, the best first: the record that has the most of position, time and
 * brightness, its inner records (coordinates), then what lies around it.
 */
export function detectionPlaces(fields: readonly SchemaField[]): Place[] {
  const places = allPlaces(fields).filter(({ prefix }) => !isElsewhere(prefix));
  const best = [...places].sort((a, b) => score(b) - score(a))[0]!;
  const inside = places.filter((place) => place !== best && place.prefix.startsWith(best.prefix) && best.prefix !== "");
  const outside = places.filter((place) => best.prefix.startsWith(place.prefix) && place !== best).reverse();
  const coordinates = places.filter((place) => /(radec|coord|position|location|sky)\w*\.$/i.test(place.prefix));
  return [...new Set([best, ...inside.filter(isOwn), ...coordinates, ...outside])];
}

/** True for what is in a record of a host, a catalogue star, the reference image … */
export const isElsewhere = (path: string): boolean => path.split(".").some((name) => elsewhere.test(plainName(name)));

const segments = ({ prefix }: Place): string[] => prefix.split(/[._]/).filter(Boolean).map(plainName);
const lastName = (place: Place): string => segments(place).at(-1) ?? "";
const isOwn = (place: Place): boolean => !otherName.test(lastName(place));

function score(place: Place): number {
  const { fields } = place;
  const has = (role: Parameters<typeof fieldsFor>[0]) => Number(fieldsFor(role, fields).length > 0);
  const bright = Math.max(has("mag"), has("flux"));
  const where = Math.min(has("ra"), has("dec"));
  const when = Number(timeFields(fields).length > 0);
  const name = lastName(place);
  // a name only decides between records that hold the same
  const hint = Number(detectionName.test(name)) - Number(otherName.test(name));
  return 4 * (3 * bright + 2 * where + 2 * when + has("band")) + hint;
}
