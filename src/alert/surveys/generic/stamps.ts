import type { SchemaField } from "../../../avro/tree";
import type { SurveyTable } from "../../survey";
import type { StampKind } from "../../types";
import { plainName } from "./names";
import { allPlaces } from "./places";

const kinds: readonly [StampKind, RegExp][] = [
  ["difference", /diff|sub/],
  ["template", /templ|ref/],
  ["science", /sci|new|target|image/],
];
const isStampName = (name: string): boolean => /cutout|stamp|thumb|postage/.test(name);

/** Cutouts: bytes, or records { fileName, stampData }, whose name or whose record's name says cutout or stamp. */
export function findStamps(fields: readonly SchemaField[]): NonNullable<SurveyTable["stamps"]> {
  const found: { [K in StampKind]?: string } = {};
  for (const { prefix, fields: inner } of allPlaces(fields)) {
    for (const field of inner) {
      if (!holdsImage(field) || !isStampName(plainName(prefix + field.name))) continue;
      const kind = kinds.find(([, name]) => name.test(plainName(field.name)))?.[0];
      if (kind) found[kind] ??= prefix + field.name;
    }
  }
  return found;
}

const holdsImage = (field: SchemaField): boolean =>
  field.shape === "bytes" ||
  (field.shape === "record" && field.fields.some((each) => each.name === "stampData" && each.shape === "bytes"));
