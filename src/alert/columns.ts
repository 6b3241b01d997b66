import type { Packet } from "../avro/packet";
import { type ColumnName, type CommonView, columnNames } from "./common-view";
import type { Binding } from "./survey";

class ColumnReader {
  /** What was read, since a hundred filters ask for the same; by the place of the name in `columnNames`. */
  private readonly known: unknown[] = new Array(columnNames.length);

  constructor(
    /** Direct access to packet fields, for code that reads many alerts. */
    readonly reader: Packet,
    protected readonly binding: Binding,
  ) {}

  static {
    for (const [place, name] of columnNames.entries())
      Object.defineProperty(ColumnReader.prototype, name, {
        get(this: ColumnReader) {
          const known = this.known[place];
          if (known !== undefined) return known;
          return (this.known[place] = this.binding.columns[name](this.reader));
        },
      });
  }
}

/** An object whose properties are the fields of the common view, each read from the packet when it is first touched. */
export const Columns = ColumnReader as new (
  reader: Packet,
  binding: Binding,
) => ColumnReader & Pick<CommonView, ColumnName>;
