import type { Alert } from "../alert/alert";
import { type DecodeOptions, decodeAlerts } from "../alert/decode";
import { BootcampError, isBootcampError, messageOf } from "../errors";
import type { Member } from "./members";

/**
 * Alerts of one file or entry. Every record is checked to be whole before it is handed on, so that damage is found
 * here, where the file is known, and not when a property is touched. None for a container with a header and no block: Spark
 * writes such files for partitions without rows.
 *
 * @throws BootcampError naming the file, after the alerts before the damage
 */
export function* decodeMember(member: Member, options: Pick<DecodeOptions, "schema" | "registry">): Generator<Alert> {
  if (member.error) throw member.error;
  const { path, bytes } = member;
  try {
    for (const alert of decodeAlerts(bytes!, { ...options, origin: { kind: "file", path, record: 0 } })) {
      if (alert.form !== "container") alert.validate(); // a container was checked while it was split
      yield alert;
    }
  } catch (error) {
    throw namedAfter(path, error);
  }
}

function namedAfter(path: string, error: unknown): BootcampError {
  if (!isBootcampError(error))
    return new BootcampError("AVRO_CORRUPT", `${path}: ${messageOf(error)}`, { where: path, cause: error });
  const remedy = error.remedy ?? (error.code === "AVRO_TRUNCATED" ? "Fetch or copy the file again." : undefined);
  return new BootcampError(error.code, `${path}: ${error.message}`, {
    where: path,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
