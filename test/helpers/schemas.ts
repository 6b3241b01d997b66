import { Alert } from "../../src/alert/alert";
import { parseSchema } from "../../src/avro/schema";

type Fields = Record<string, unknown>;
let names = 0;
/** A record schema from name → type; a type may be [type, documentation]. */
export const record = (fields: Fields, name = `t.r${names++}`) => ({
  type: "record",
  name,
  fields: Object.entries(fields).map(([field, type]) =>
    type instanceof Documented ? { name: field, type: type.type, doc: type.doc } : { name: field, type },
  ),
});
class Documented {
  constructor(
    readonly type: unknown,
    readonly doc: string,
  ) {}
}
export const said = (type: unknown, doc: string) => new Documented(type, doc);
export const list = (items: unknown) => ["null", { type: "array", items }];
export const orNull = (type: string) => [type, "null"];

/** An alert of the schema and value, as a bare record. */
export function alertOf(schema: object, value: unknown): Alert {
  const parsed = parseSchema(schema);
  return new Alert(parsed.type.toBuffer(value), parsed, { kind: "memory", record: 0 }, undefined, "bare");
}
export const view = (alert: Alert) => {
  const {
    survey,
    alertId,
    objectId,
    ra,
    dec,
    mjdUtc,
    band,
    mag,
    magErr,
    fluxNJy,
    fluxErrNJy,
    snr,
    isPositive,
    realBogus,
  } = alert;
  return {
    survey,
    alertId,
    objectId,
    ra,
    dec,
    mjdUtc,
    band,
    mag,
    magErr,
    fluxNJy,
    fluxErrNJy,
    snr,
    isPositive,
    realBogus,
  };
};
