import { BootcampError, isBootcampError } from "../errors";
import { parseSchema, type WriterSchema } from "./schema";

/** Ten times the largest schema of any survey (Rubin's 5.0, 81 kB): what is longer is no schema, and not worth parsing. */
const maxKeyBytes = 1_000_000;

/**
 * The schema in the key of a message: Fink publishes bare records since 2023 with the writer's schema as the key, in JSON.
 * Any other key, such as an object's name or the version names that Fink used before, gives undefined.
 *
 * Source: the producer, `get_kafka_df` and `push_to_kafka` of fink-broker (`common/distribution_utils.py`), and the reader,
 * `process_message` of fink-client (`consumer.py`), which tries the key before any other schema. No header is used for it.
 *
 * @throws SCHEMA_INVALID for a key that looks like a schema and cannot be used as one
 */
export function schemaOfKey(key: string | Buffer | null | undefined): WriterSchema | undefined {
  if (!key || !isMeantAsSchema(key)) return undefined;
  const size = Buffer.byteLength(key);
  if (size > maxKeyBytes) throw invalid(`Expected a schema of at most ${maxKeyBytes / 1e6} MB, got ${size} bytes`);
  try {
    return parseSchema(key.toString());
  } catch (error) {
    if (!isBootcampError(error)) throw error;
    throw invalid(error.message, error);
  }
}

/** Keys of other producers may be JSON as well: only a record has fields. */
function isMeantAsSchema(key: string | Buffer): boolean {
  return (key[0] === "{" || key[0] === 0x7b) && key.includes('"fields"');
}

function invalid(why: string, cause?: unknown): BootcampError {
  return new BootcampError("SCHEMA_INVALID", `Expected an Avro schema as the key of the message: ${why}`, {
    cause,
    remedy: "pass the { schema } of the records (--schema FILE), which goes before that of a key",
  });
}
