import type { Packet } from "../avro/packet";
import type { WriterSchema } from "../avro/schema";
import { fieldAt } from "../avro/tree";
import { type ColumnName, type CommonView, columnNames, missingValues } from "./common-view";
import { pathReader, readPath } from "./path";
import type { Detection, ForcedPoint, StampKind, UpperLimit } from "./types";

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
  readonly as?: (value: unknown, read: ReadPath) => T;
  /** Which of several places the value of one packet comes from, where that differs from packet to packet. */
  readonly where?: (read: ReadPath) => string | undefined;
}

/** Earlier points of a light curve, as the packet gives them. */
export interface Points {
  readonly history: Detection[];
  readonly upperLimits: UpperLimit[];
}

/** Everything the library knows about one survey's packets. */
export interface SurveyTable {
  readonly name: string;
  readonly columns: { readonly [K in ColumnName]?: Column<CommonView[K]> };
  points?(read: ReadPath): Points;
  forced?(read: ReadPath): ForcedPoint[];
  /** True where the survey sends no limits of its own for visits that saw nothing, but forced photometry. */
  readonly hasForcedLimits?: boolean;
  /** Designation of the Solar System object that the survey took it for; "" for none. */
  designation?(read: ReadPath): string;
  /** Path of each cutout: of its bytes, or of a record { fileName, stampData }. */
  readonly stamps?: { readonly [K in StampKind]?: string };
}

/** A survey's table and the packets it is for. */
export interface NamedSurvey extends SurveyTable {
  /** True when packets of this schema are this survey's; decided by names in the schema, never by file or topic. */
  recognise(has: (path: string) => boolean, schemaName: string): boolean;
}

/** A survey's table applied to one schema: paths looked up once, not per alert. */
export interface Binding {
  readonly table: SurveyTable;
  readonly columns: { readonly [K in ColumnName]: (packet: Packet) => CommonView[K] };
  /** The packet path each property is read from; null for what this schema does not give. */
  readonly sources: Readonly<Record<ColumnName, string | null>>;
  /** The same for one packet. */
  sourcesOf(packet: Packet): Readonly<Record<ColumnName, string | null>>;
}

/** Binds a table to a schema. */
export function bind(table: SurveyTable, schema: WriterSchema): Binding {
  const has = schemaHas(schema);
  const sources = {} as Record<ColumnName, string | null>;
  const columns: Record<string, unknown> = {};
  for (const name of columnNames) {
    const column = table.columns[name] as Column<unknown> | undefined;
    const path = column && [column.from].flat().find(has);
    sources[name] = path ?? null;
    columns[name] = bindColumn(schema, name, column, path);
  }
  const varying = columnNames.flatMap((name) => {
    const where = sources[name] === null ? undefined : table.columns[name]?.where;
    return where ? [{ name, where }] : [];
  });
  const sourcesOf = (packet: Packet) => {
    if (varying.length === 0) return sources;
    const read: ReadPath = (path) => readPath(packet, path);
    return {
      ...sources,
      ...Object.fromEntries(varying.map(({ name, where }) => [name, where(read) ?? sources[name]])),
    };
  };
  return { table, columns: columns as Binding["columns"], sources, sourcesOf };
}

function bindColumn(
  schema: WriterSchema,
  name: ColumnName,
  column: Column<unknown> | undefined,
  path: string | undefined,
) {
  const none = missingValues[name];
  if (!column || path === undefined) return () => none;
  const { as } = column;
  const read = pathReader(schema, path);
  if (!as) return (packet: Packet) => read(packet) ?? none;
  return (packet: Packet) => as(read(packet), (other) => readPath(packet, other)) ?? none;
}

/** True when the schema has the path. */
export function schemaHas(schema: WriterSchema): (path: string) => boolean {
  return (path) => fieldAt(schema, path) !== undefined;
}
