import type { SchemaJson } from "../repair";

/** Fields of one record in the order of the bytes: name and type as the tables write it. */
type Fields = { name: string; type: string }[];
/** The records of one version by their short names. */
type Records = ReadonlyMap<string, Fields>;

/**
 * Expands a table of schema versions.
 *
 * A table is lines. `# 7.0` begins a version, which starts as a copy of the version before it. `drop x` takes a record
 * away; `x …` defines one anew; `~x …` edits it. Then follow words: `float:` is the type of the names after it;
 * `name` puts a field at the cursor; `-name` takes one out; `>name` moves the cursor behind a field, `>^` to the front;
 * `p01..32` stands for p01, p02 … p32. A type is an Avro primitive, `micros` or `millis` (timestamps) or a record, with
 * `[]` for an array of them and `?` for null or them, in that order: `?[]diaSource`.
 *
 * @returns version → its records; the first record of a version is its top
 */
export function expandTable(table: string): Map<string, Records> {
  const versions = new Map<string, Records>();
  let records = new Map<string, Fields>();
  for (const line of table.replace(/\n +/g, " ").split("\n")) {
    const [head, ...words] = line.trim().split(" ");
    if (!head) continue;
    if (head === "#") {
      records = new Map(records);
      versions.set(words[0]!, records);
    } else if (head === "drop") records.delete(words[0]!);
    else if (head.startsWith("~")) records.set(head.slice(1), edit(records.get(head.slice(1))!, words));
    else records.set(head, edit([], words));
  }
  return versions;
}

function edit(before: Fields, words: readonly string[]): Fields {
  const fields = [...before];
  const at = (name: string) => fields.findIndex((field) => field.name === name);
  let cursor = 0;
  let type = "";
  for (const word of words) {
    if (word.endsWith(":")) type = word.slice(0, -1);
    else if (word.startsWith("-")) {
      const index = at(word.slice(1));
      fields.splice(index, 1);
      if (index < cursor) cursor--;
    } else if (word.startsWith(">")) cursor = at(word.slice(1)) + 1;
    else for (const name of numbered(word)) fields.splice(cursor++, 0, { name, type });
  }
  return fields;
}

/** "p01..03" → p01, p02, p03. */
function numbered(word: string): string[] {
  const range = /^(.*?)(\d\d)\.\.(\d\d)$/.exec(word);
  if (!range) return [word];
  const [, stem, first, last] = range;
  return Array.from(
    { length: Number(last) - Number(first) + 1 },
    (_, i) => stem + String(Number(first) + i).padStart(2, "0"),
  );
}

const timestamps: Record<string, SchemaJson> = {
  micros: { type: "long", logicalType: "timestamp-micros" },
  millis: { type: "long", logicalType: "timestamp-millis" },
};

/**
 * The Avro schema of one version as JSON.
 *
 * @param records what {@link expandTable} gave for it
 * @param nameOf full name of a record from its short one
 */
export function schemaFrom(records: Records, nameOf: (short: string) => string): SchemaJson {
  const defined = new Set<string>();
  const typeOf = (type: string): SchemaJson => {
    if (type.startsWith("?")) return ["null", typeOf(type.slice(1))];
    if (type.startsWith("[]")) return { type: "array", items: typeOf(type.slice(2)) };
    return records.has(type) ? recordOf(type) : (timestamps[type] ?? type);
  };
  const recordOf = (short: string): SchemaJson => {
    const name = nameOf(short);
    if (defined.has(short)) return name;
    defined.add(short);
    const fields = records.get(short)!.map((field) => ({ name: field.name, type: typeOf(field.type) }));
    return { type: "record", name, fields };
  };
  return recordOf(records.keys().next().value as string);
}
