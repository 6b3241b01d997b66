import type { Packet } from "../avro/packet";
import type { WriterSchema } from "../avro/schema";

/** Reads one value of a packet; undefined when the schema has no such field, null when something on the way is null. */
export type PathReader = (packet: Packet) => any;

const readers = new WeakMap<WriterSchema, Map<string, PathReader>>();

/**
 * Reads a packet path such as "objectId", "candidate.rb" or "diaSource.radec.ra". How is found out once per schema and
 * path: fields of light records are read alone, others out of their decoded record.
 */
export function readPath(packet: Packet, path: string): any {
  let known = readers.get(packet.schema);
  if (!known) readers.set(packet.schema, (known = new Map()));
  let reader = known.get(path);
  if (!reader) known.set(path, (reader = makeReader(packet, path)));
  return reader(packet);
}

function makeReader(packet: Packet, path: string): PathReader {
  const dot = path.indexOf(".");
  if (dot < 0) return (each) => each.top(path);
  const group = path.slice(0, dot);
  const name = path.slice(dot + 1);
  if (packet.has(group, name)) return (each) => each.leaf(group, name);
  const names = name.split(".");
  return (each) => {
    let value = each.top(group);
    for (const part of names) {
      if (value === null || value === undefined) return value;
      value = value[part];
    }
    return value;
  };
}
