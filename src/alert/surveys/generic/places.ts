import type { SchemaField } from "../../../avro/tree";
import { fieldsFor, plainName, timeFields } from "./names";
import type { Place } from "./sources";

const maxDepth = 3;

/** Records of the schema that hold one value each, from the outside in; arrays are not entered. */
export function allPlaces(fields: readonly SchemaField[], prefix = "", depth = 0): Place[] {
  const inner = fields.filter((field) => field.shape === "record" && depth < maxDepth);
  return [
    { prefix, fields },
    ...inner.flatMap((field) => allPlaces(field.fields, `${prefix}${field.name}.`, depth + 1)),
  ];
}

/** Names of records that describe the detection itself, as against its object, its host or a catalogue match. */
const detectionName = /candidate|source|detection|measurement|photometry|observation|alert|event/;
const otherName = /object|host|match|xmatch|nearest|ref|template|prv|prev|forced|cutout|stamp|annotation|classif/;

/**
 * The places where the detection is described, the best first: the record that has the most of position, time and
 * brightness, its inner records (coordinates), then what lies around it.
 */
export function detectionPlaces(fields: readonly SchemaField[]): Place[] {
  const places = allPlaces(fields);
  const best = [...places].sort((a, b) => score(b) - score(a))[0]!;
  const inside = places.filter((place) => place !== best && place.prefix.startsWith(best.prefix) && best.prefix !== "");
  const outside = places.filter((place) => best.prefix.startsWith(place.prefix) && place !== best).reverse();
  const coordinates = places.filter((place) => /(radec|coord|position|location|sky)\w*\.$/i.test(place.prefix));
  return [...new Set([best, ...inside.filter(isOwn), ...coordinates, ...outside])];
}

const lastName = (place: Place): string => plainName(place.prefix.split(".").at(-2) ?? "");
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
