import { inspect } from "node:util";
import { decodeRecord, endOfRecord } from "../avro/container";
import { writeContainer } from "../avro/container-write";
import { Packet } from "../avro/packet";
import type { WriterSchema } from "../avro/schema";
import type { WireForm } from "../avro/wire";
import { DISPLAY, displayOf, type MimeBundle } from "../display";
import { BootcampError } from "../errors";
import { printable } from "../terminal";
import { Columns } from "./columns";
import { forcedLimits } from "./forced-limits";
import { readPath } from "./path";
import { lazyStamps } from "./stamps";
import { type Binding, bind, type Points } from "./survey";
import { tableOf } from "./surveys";
import type { AlertView, Detection, ForcedPoint, Origin, StampKind, Stamps, UpperLimit } from "./types";

const bindings = new WeakMap<WriterSchema, Binding>();

function bindingOf(schema: WriterSchema): Binding {
  let binding = bindings.get(schema);
  if (!binding) bindings.set(schema, (binding = bind(tableOf(schema), schema)));
  return binding;
}

/**
 * An alert: the bytes as received, decoded part by part as properties are touched.
 *
 * Reading `alert.mag` costs microseconds, whatever else the packet holds; `alert.history` and `alert.stamps` are
 * decoded when they are first used. The properties are those of {@link AlertView}. Damaged bytes show when the damaged
 * part is touched, as AVRO_TRUNCATED or AVRO_CORRUPT; {@link Alert.validate} looks at once.
 *
 * @example
 * if (alert.mag < 16 && alert.packet.candidate.rb > 0.65) console.log(alert.objectId);
 */
export class Alert<P = any> extends Columns implements AlertView<P> {
  private pointsRead: Points | undefined;
  private upperLimitsRead: readonly UpperLimit[] | undefined;
  private forcedRead: readonly ForcedPoint[] | undefined;
  private stampsRead: Stamps | undefined;

  /**
   * Use `decodeAlert`; this is for readers of further sources.
   *
   * @param record the bare encoded record
   * @param schema what it was written with
   * @param origin where it came from
   * @param received the bytes as received, when they hold just this alert
   * @param form how they were wrapped
   */
  constructor(
    readonly record: Buffer,
    readonly schema: WriterSchema,
    readonly origin: Origin,
    private readonly received: Buffer | undefined,
    readonly form: WireForm,
  ) {
    super(new Packet(record, schema), bindingOf(schema));
  }

  get survey(): string {
    return this.binding.table.name;
  }
  get designation(): string {
    return this.binding.table.designation?.((path) => readPath(this.reader, path)) ?? "";
  }
  get history(): readonly Detection[] {
    return this.points.history;
  }
  get upperLimits(): readonly UpperLimit[] {
    return (this.upperLimitsRead ??= this.readUpperLimits());
  }
  get forced(): readonly ForcedPoint[] {
    return (this.forcedRead ??= this.binding.table.forced?.((path) => readPath(this.reader, path)) ?? []);
  }
  get stamps(): Stamps {
    return (this.stampsRead ??= lazyStamps((kind) => this.stampBytes(kind)));
  }
  get packet(): P {
    return this.reader.view as P;
  }

  /**
   * The whole packet at once, as a plain object of one's own: for code that needs every field.
   * @throws AVRO_TRUNCATED or AVRO_CORRUPT
   */
  decode(): P {
    return decodeRecord(this.schema, this.record) as P;
  }

  /** The packet path each property of the common view is read from; null for what this survey's packets do not give. */
  get sources(): Binding["sources"] {
    return this.binding.sourcesOf(this.reader);
  }

  /** Names of the common view that this survey's packets do not give, so that they are NaN, null or "". */
  get missing(): string[] {
    return Object.entries(this.sources).flatMap(([name, path]) => (path === null ? [name] : []));
  }

  /** The bytes as received; of a container with many records, a container of this one. */
  get bytes(): Buffer {
    return this.received ?? writeContainer(this.schema, [this.record]);
  }

  /** This alert as an Avro Object Container File that any Avro reader opens. */
  toContainer(): Buffer {
    return this.form === "container" ? this.bytes : writeContainer(this.schema, [this.record]);
  }

  /**
   * Checks that the bytes hold one whole record and nothing more.
   * @throws AVRO_TRUNCATED or AVRO_CORRUPT
   */
  validate(): void {
    const end = endOfRecord(this.schema, this.record);
    if (end !== this.record.length) {
      throw new BootcampError("AVRO_CORRUPT", `Expected a record of ${this.record.length} bytes, it ends after ${end}`);
    }
  }

  /** The bytes of a cutout as the packet holds them (ZTF: gzipped FITS), or null. */
  stampBytes(kind: StampKind): { bytes: Buffer; fileName: string } | null {
    const path = this.binding.table.stamps?.[kind];
    const cutout = path === undefined ? null : readPath(this.reader, path);
    if (!cutout) return null;
    // older packets wrap the bytes in a record with a file name
    if (Buffer.isBuffer(cutout)) return { bytes: cutout, fileName: "" };
    return cutout.stampData ? { bytes: cutout.stampData, fileName: String(cutout.fileName ?? "") } : null;
  }

  /** Not with the history, which would then cost the forced photometry as well: a hundred rows of Rubin's packets. */
  private readUpperLimits(): readonly UpperLimit[] {
    const { upperLimits, history } = this.points;
    if (upperLimits.length > 0 || !this.binding.table.hasForcedLimits) return upperLimits;
    return forcedLimits(this.forced, [...history, this]);
  }

  private get points(): Points {
    const read = (path: string) => readPath(this.reader, path);
    return (this.pointsRead ??= this.binding.table.points?.(read) ?? { history: [], upperLimits: [] });
  }

  /** One line: who, when, where, how bright. */
  override toString(): string {
    const time = this.mjdUtc.toFixed(5);
    const sky = `${this.ra.toFixed(5)} ${this.dec >= 0 ? "+" : ""}${this.dec.toFixed(5)}`;
    const score = Number.isNaN(this.realBogus) ? "" : `  rb ${this.realBogus.toFixed(2)}`;
    const light = `${this.band} ${this.mag.toFixed(2)} ± ${this.magErr.toFixed(2)} mag`;
    return printable(`${this.survey} ${this.objectId}  ${light}  MJD ${time}  ${sky}°${score}`);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** As the last value of a cell. */
  [DISPLAY](): MimeBundle {
    return displayOf("alert", this);
  }
}
