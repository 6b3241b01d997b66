import type { Alert } from "../../alert/alert";
import { usageError } from "../../errors";

/** How an alert is wrapped on its way. */
export interface MessageForm {
  form?: "container" | "confluent" | "bare" | undefined;
  schemaId?: number | undefined;
}

/**
 * The bytes of an alert in the form that is asked for. Records are never encoded anew.
 *
 * @throws USAGE when the form needs a schema id and neither the options nor the schema's name give one
 */
export function messageValue(alert: Alert, { form, schemaId }: MessageForm): Buffer {
  if (form === "bare") return alert.record;
  if (form !== "confluent") return alert.bytes;
  if (alert.form === "confluent" && schemaId === undefined) return alert.bytes;
  const id = schemaId ?? rubinId(alert.schema.name);
  if (id === undefined || !Number.isInteger(id) || id < 0 || id > 0xffffffff) {
    throw usageError(`a schema id of 32 bits for alerts of ${alert.schema.name}`, id, "pass { schemaId }");
  }
  const header = Buffer.alloc(5); // byte 0 is Confluent's mark, 0
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, alert.record]);
}

/** "lsst.v11_0.alert" is 1100: Rubin numbers its schemas major × 100 + minor. */
function rubinId(name: string): number | undefined {
  const [, major, minor] = /^lsst\.v(\d+)_(\d+)\.alert$/.exec(name) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}
