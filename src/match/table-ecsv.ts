/** What the head of an ECSV file says. Source: APE 6, "Enhanced Character Separated Values table format". */
export interface EcsvHeader {
  readonly delimiter: string;
  readonly types: ReadonlyMap<string, string>;
  readonly units: ReadonlyMap<string, string>;
}

const column =
  /^#\s*- \{name: ('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^,}]+)(?:, unit: ('[^']*'|"[^"]*"|[^,}]+))?(?:, datatype: (\w+))?/gm;

/** The head of an ECSV file, null for other text: its YAML as astropy writes it, a column a line, name, unit and type first. */
export function ecsvHeader(text: Buffer): EcsvHeader | null {
  const head = text.toString("utf8", 0, 1 << 20);
  if (!/^(\uFEFF)?# %ECSV/.test(head)) return null;
  const yaml = head.split(/\r?\n(?!#)/, 1)[0]!;
  const found = [...yaml.matchAll(column)].map(([, name, unit, type]) => ({
    name: unquoted(name!),
    unit: unit && unquoted(unit),
    type,
  }));
  return {
    delimiter: /^# delimiter: ','/m.test(yaml) ? "," : " ",
    types: new Map(found.flatMap(({ name, type }) => (type ? [[name, type] as const] : []))),
    units: new Map(found.flatMap(({ name, unit }) => (unit ? [[name, unit] as const] : []))),
  };
}

function unquoted(text: string): string {
  const bare = text.trim();
  if (bare.startsWith("'")) return bare.slice(1, -1).replaceAll("''", "'");
  return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('\\"', '"') : bare;
}
