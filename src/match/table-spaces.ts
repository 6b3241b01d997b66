import { BootcampError } from "../errors";

/** Quoted cells hold spaces, and quotes that are doubled; others end at the next space. */
const cell = /"((?:[^"]|"")*)"(?=\s|$)|(\S+)/g;

/**
 * Splits text whose columns stand apart by spaces or tabs, as astropy's `ascii.basic` and its ECSV files do; `""` is an empty cell.
 * Lines that begin with `#` are comments.
 *
 * @returns cells of each line, and the last comment before the first of them
 * @throws CATALOG for a quote that never closes, naming the line
 */
export function splitSpaces(text: string, where: string): { lines: string[][]; lastComment: string | undefined } {
  const lines: string[][] = [];
  let lastComment: string | undefined;
  text.split(/\r\n|\n|\r/).forEach((line, number) => {
    if (line.trim() === "") return;
    if (line.startsWith("#")) {
      if (lines.length === 0) lastComment = line.replace(/^#+\s*/, "");
      return;
    }
    const cells = Array.from(line.matchAll(cell), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
    if (
      cells.some((each) => each.startsWith('"') && !line.includes(`"${each}`)) &&
      (line.match(/"/g)!.length & 1) === 1
    )
      throw new BootcampError("CATALOG", `${where}: expected a quote that closes in line ${number + 1}`, { where });
    lines.push(cells);
  });
  return { lines, lastComment };
}
