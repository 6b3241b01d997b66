/** What a file or message is that holds no Avro, and what to do with it. */
export interface ForeignKind {
  readonly what: string;
  readonly remedy: string;
}

const other = (what: string, remedy: string): ForeignKind => ({ what, remedy });
const unpack = (what: string, program: string) => other(what, `unpack it first: ${program}`);
const table = "alerts are read from Avro; catalogues: match.loadCatalog (CSV), tables: explore.sql";

/** Magic numbers at the very beginning, from the formats' own specifications. */
const magic: readonly (readonly [string, ForeignKind])[] = [
  ["SIMPLE  =", other("a FITS file", "a packet holds its stamps itself; an image alone is no alert")],
  ["XTENSION=", other("a FITS extension", "a packet holds its stamps itself; an image alone is no alert")],
  ["PAR1", other("a Parquet file", "read it as a table: readParquet, or sql; alerts are read from Avro")],
  ["ARROW1", other("an Arrow file", table)],
  ["ORC", other("an ORC file", table)],
  ["\x89HDF\r\n\x1a\n", other("an HDF5 file", table)],
  ["CDF\x01", other("a NetCDF file", table)],
  ["SQLite format 3\0", other("an SQLite database", table)],
  ["PK\x03\x04", unpack("a ZIP archive", "unzip FILE; tar and gzip are read as they are")],
  ["PK\x05\x06", other("an empty ZIP archive", "there is nothing in it")],
  ["7z\xbc\xaf\x27\x1c", unpack("a 7z archive", "7z x FILE")],
  ["Rar!", unpack("a RAR archive", "unrar x FILE")],
  ["\xfd7zXZ\0", unpack("xz data", "xz -d FILE")],
  ["BZh", unpack("bzip2 data", "bzip2 -d FILE")],
  ["\x28\xb5\x2f\xfd", unpack("zstandard data", "zstd -d FILE")],
  ["\x04\x22\x4d\x18", unpack("lz4 data", "lz4 -d FILE")],
  ["\x89PNG\r\n", other("a PNG picture", "name files of alerts")],
  ["\xff\xd8\xff", other("a JPEG picture", "name files of alerts")],
  ["GIF8", other("a GIF picture", "name files of alerts")],
  ["%PDF", other("a PDF document", "name files of alerts")],
  ["\x93NUMPY", other("a NumPy array", table)],
  ["\x7fELF", other("a program", "name files of alerts")],
  ["#!", other("a script", "name files of alerts")],
];

/**
 * What bytes are, by their beginning, when they are no alert: so that a Parquet file is not said to be a bare record.
 *
 * @returns null for what is not known
 * @example
 * foreignKind(Buffer.from("PAR1"))?.what; // a Parquet file
 */
export function foreignKind(bytes: Buffer): ForeignKind | null {
  const head = bytes.toString("latin1", 0, 1024);
  for (const [start, kind] of magic) if (head.startsWith(start)) return kind;
  const text = head.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (text.startsWith("<") && /<VOTABLE[\s>]/i.test(text)) return other("a VOTable", table);
  if (/^<(!doctype )?html/i.test(text))
    return other("a web page", "perhaps the answer of a server in place of a file: fetch it again");
  if (/^<\?xml|^<[a-z]+[\s>]/i.test(text)) return other("XML", "a VOEvent is no Avro alert; name files of alerts");
  if (/^version https:\/\/git-lfs/.test(text))
    return other("a pointer of Git LFS", "fetch the file itself: git lfs pull");
  if (/^[[{]/.test(text) && /^[[{]\s*["{[\]}\d-]/.test(text)) {
    const isSchema = /"type"\s*:\s*"record"/.test(text);
    return isSchema
      ? other("an Avro schema (JSON)", "name it after --schema ({ schema }), with files of alerts to read by it")
      : other("JSON", "alerts are read from Avro, not from JSON");
  }
  if (/^[\x20-\x7e\t\r\n\xa0-\xff]+$/.test(text) && /^[^\n,;\t|]+[,;\t|][^\n]*\n/.test(text))
    return other("a table as text (CSV)", "a catalogue is read by match.loadCatalog; alerts are read from Avro");
  return null;
}
