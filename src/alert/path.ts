import { layoutOf } from "../avro/layout";
import type { Packet } from "../avro/packet";
import type { WriterSchema } from "../avro/schema";

/** Reads one value of a packet; undefined when the schema has no such field, null when something on the way is null. */
export type PathReader = (packet: Packet) => any;

const readers = new WeakMap<WriterSchema, Map<string, PathReader>>();

/** Reads a packet path such as "objectId", "candidate.rb" or "diaSource.radec.ra". */
export function readPath(packet: Packet, path: string): any {
  return pathReader(packet.schema, path)(packet);
}

/**
 * What reads a path in packets of a schema, found out once: fields of light records are read alone, others out of their
 * decoded record.
 */
export function pathReader(schema: WriterSchema, path: string): PathReader {
  let known = readers.get(schema);
  if (!known) readers.set(schema, (known = new Map()));
  let reader = known.get(path);
  if (!reader) known.set(path, (reader = makeReader(schema, path)));
  return reader;
}

function makeReader(schema: WriterSchema, path: string): PathReader {
  const dot = path.indexOf(".");
  if (dot < 0) return (each) => each.top(path);
  const group = path.slice(0, dot);
  const name = path.slice(dot + 1);
  if (layoutOf(schema).groups.get(group)?.has(name)) return (each) => each.leaf(group, name);
  const names = name.split(".");
  return (each) => {
    let value = each.top(group);
    for (const part of names) {
      if (value === null || value === undefined) return value;
      value = typeof value === "object" && Object.hasOwn(value, part) ? value[part] : undefined;
    }
    return value;
  };
}
