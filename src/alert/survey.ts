import type { Packet } from "../avro/packet";
import type { WriterSchema } from "../avro/schema";
import type { Detection, ForcedPoint, StampKind, UpperLimit } from "./types";

/** Properties of the common view that are read from one place of the packet. */
export interface CommonColumns {
  alertId: bigint | string | null;
  objectId: bigint | string | null;
  ra: number;
  dec: number;
  mjdUtc: number;
  band: string;
  mag: number;
  magErr: number;
  fluxNJy: number;
  fluxErrNJy: number;
  snr: number;
  isPositive: boolean;
  realBogus: number;
  visitId: string;
  field: number | string | null;
}
export type CommonName = keyof CommonColumns;

/** Reads a packet path such as "candidate.rb"; undefined when the schema has no such field. */
export type ReadPath = (path: string) => any;

/**
 * Where a common property stands in a survey's packet.
 *
 * `from` is a path ("candidate.ra") or several of which the first that the schema has is taken – names change
 * between schema versions. `as` converts; it may read further paths.
 */
export interface Column<T> {
  readonly from: string | readonly string[];
  readonly as?: (value: any, read: ReadPath) => T;
}

/** Earlier points of a light curve, as the packet gives them. */
export interface Points {
  readonly history: Detection[];
  readonly upperLimits: UpperLimit[];
}

/** Everything the library knows about one survey's packets. */
export interface SurveyTable {
  readonly name: string;
  /** True when packets of this schema are this survey's; decided by field names, never by file or topic. */
  recognise(has: (path: string) => boolean, schemaName: string): boolean;
  readonly columns: { readonly [K in CommonName]?: Column<CommonColumns[K]> };
  points?(read: ReadPath): Points;
  forced?(read: ReadPath): ForcedPoint[];
  /** Top-level field of each cutout. */
  readonly stamps?: Readonly<Record<StampKind, string>>;
}

/** A survey's table applied to one schema: paths looked up once, not per alert. */
export interface Binding {
  readonly table: SurveyTable;
  readonly columns: { readonly [K in CommonName]: (packet: Packet) => CommonColumns[K] };
}

/** What the common view says when a survey gives nothing. */
const missing: CommonColumns = {
  alertId: null,
  objectId: null,
  ra: Number.NaN,
  dec: Number.NaN,
  mjdUtc: Number.NaN,
  band: "",
  mag: Number.NaN,
  magErr: Number.NaN,
  fluxNJy: Number.NaN,
  fluxErrNJy: Number.NaN,
  snr: Number.NaN,
  isPositive: true,
  realBogus: Number.NaN,
  visitId: "",
  field: null,
};

/** Splits "candidate.rb" into the group and name that {@link Packet.leaf} takes; "objectId" has no group. */
export function splitPath(path: string): [group: string, name: string] {
  const dot = path.indexOf(".");
  return dot < 0 ? ["", path] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** Reads one packet path. */
export function readPath(packet: Packet, path: string): any {
  const [group, name] = splitPath(path);
  return group === "" ? packet.top(name) : packet.leaf(group, name);
}

/** Binds a table to a schema. `has` says whether the schema has a path. */
export function bind(table: SurveyTable, has: (path: string) => boolean): Binding {
  const entries = (Object.keys(missing) as CommonName[]).map((name) => [name, bindColumn(table, name, has)]);
  return { table, columns: Object.fromEntries(entries) as Binding["columns"] };
}

function bindColumn(table: SurveyTable, name: CommonName, has: (path: string) => boolean) {
  const none = missing[name];
  const column = table.columns[name] as Column<unknown> | undefined;
  const path = column && [column.from].flat().find(has);
  if (!column || path === undefined) return () => none;
  const [group, leaf] = splitPath(path);
  const { as } = column;
  return (packet: Packet) => {
    const value = group === "" ? packet.top(leaf) : packet.leaf(group, leaf);
    if (as) return as(value, (other) => readPath(packet, other)) ?? none;
    return value ?? none;
  };
}

/** True when the schema has the path. */
export function schemaHas(schema: WriterSchema, packet: Packet): (path: string) => boolean {
  return (path) => {
    const [group, name] = splitPath(path);
    return group === "" ? schema.fields.includes(name) : packet.has(group, name);
  };
}
