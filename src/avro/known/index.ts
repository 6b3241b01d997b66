import { BootcampError, usageError } from "../../errors";
import { parseSchema, type WriterSchema } from "../schema";
import { elasticc091 } from "./elasticc";
import { expandTable, schemaFrom } from "./expand";
import { lsst3to5 } from "./lsst-3-5";
import { lsst6to11 } from "./lsst-6-11";
import { ztf4 } from "./ztf";

/** Surveys whose schemas come with the library. */
export type KnownSurvey = "lsst" | "ztf" | "elasticc";

interface Known {
  readonly table: () => string;
  /** Full name of a record of a version. */
  readonly nameOf: (version: string, record: string) => string;
}

const surveys: Record<KnownSurvey, Known> = {
  lsst: {
    table: () => lsst3to5 + lsst6to11,
    nameOf: (version, record) => `lsst.v${version.replace(".", "_")}.${record}`,
  },
  ztf: { table: () => ztf4, nameOf: (_, record) => (record === "alert" ? "ztf.alert" : `ztf.alert.${record}`) },
  elasticc: { table: () => elasticc091, nameOf: (_, record) => `elasticc.v0_9_1.${record}` },
};

const expanded = new Map<KnownSurvey, ReturnType<typeof expandTable>>();

function versionsOf(survey: KnownSurvey) {
  let versions = expanded.get(survey);
  if (!versions) expanded.set(survey, (versions = expandTable(surveys[survey].table())));
  return versions;
}

const parsed = new Map<string, WriterSchema>();

/** The schema ready to read with; expanded and compiled when it is first asked for. Undefined when it is not known. */
export function knownSchema(survey: KnownSurvey, version: string): WriterSchema | undefined {
  const key = `${survey} ${version}`;
  let schema = parsed.get(key);
  if (schema) return schema;
  const records = versionsOf(survey).get(version);
  if (!records) return undefined;
  schema = parseSchema(schemaFrom(records, (record) => surveys[survey].nameOf(version, record)) as object);
  parsed.set(key, schema);
  return schema;
}

/**
 * Rubin's schema of a wire id: major × 100 + minor, e.g. 1101 for 11.1.
 * Source: `get_schema_id` of lsst/alert_packet, since 2024-08; before, ids were given in sequence.
 */
export function lsstSchemaOfId(id: number): WriterSchema | undefined {
  return id < 300 ? undefined : knownSchema("lsst", `${Math.floor(id / 100)}.${id % 100}`);
}

/**
 * Versions of a survey whose schemas come with the library, oldest first.
 * @example
 * avro.knownVersions("elasticc"); // [ '0.9.1', … ]
 */
export function knownVersions(survey: KnownSurvey): string[] {
  if (!Object.hasOwn(surveys, survey))
    throw usageError(`one of the surveys ${Object.keys(surveys).join(", ")}`, survey);
  return [...versionsOf(survey).keys()];
}

/**
 * A published schema that comes with the library (names and types; docs and defaults do not affect the bytes), as JSON
 * text: for bare records, and for writing alerts of one's own.
 *
 * @param survey "lsst" (3.0 to 11.1), "ztf" (4.02) or "elasticc" (0.9.1, and 0.9.1-classification for the brokers' answers)
 * @param version as the survey counts
 * @throws USAGE for a survey or version that is not here
 * @example
 * const night = await subscribe("elasticc", { schema: avro.surveySchema("elasticc", "0.9.1") });
 */
export function surveySchema(survey: KnownSurvey, version: string): string {
  if (!Object.hasOwn(surveys, survey)) {
    throw new BootcampError("USAGE", `Expected a survey of ${Object.keys(surveys).join(", ")}, got "${survey}"`);
  }
  const schema = knownSchema(survey, version);
  if (!schema) {
    const versions = knownVersions(survey).join(", ");
    throw new BootcampError("USAGE", `Expected a ${survey} schema of version ${versions}, got "${version}"`);
  }
  return schema.text;
}
