import { knownSchema, knownVersions } from "../avro/known";
import { seenSchemas } from "../avro/schema";
import type { Alert } from "./alert";
import { packetType } from "./field-type";
import { noField } from "./fields";

const known = new Map<string, boolean>();

/**
 * Refuses a field that no schema has: none that was seen so far, and no version of the surveys that come with the
 * library. Fields that another survey or version has are merely missing.
 *
 * @param alert one whose schema lacks the field
 * @throws NO_FIELD with the fields of this alert that come nearest
 */
export function refuseMisspelt(alert: Alert, path: string): void {
  const [first, ...rest] = path.split(".");
  const inPacket = rest.join(".");
  if (first !== "packet" || !(seenSchemas().some((schema) => packetType(schema, inPacket)) || isKnown(inPacket)))
    throw noField(alert, path);
}

function isKnown(path: string): boolean {
  let answer = known.get(path);
  if (answer === undefined) {
    answer = (["ztf", "lsst", "elasticc"] as const).some((survey) =>
      knownVersions(survey).some((version) => packetType(knownSchema(survey, version)!, path) !== undefined),
    );
    known.set(path, answer);
  }
  return answer;
}
