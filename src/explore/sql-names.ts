import { resolve } from "node:path";
import { usageError } from "../errors";

/** SQL's names know no case; `where` names the column of a record. */
export function checkNames(names: readonly string[], where = ""): void {
  const seen = new Map<string, string>();
  const inside = where && ` inside column ${where}`;
  for (const name of names) {
    if (name.trim() === "")
      throw usageError(`a name for every column${inside}`, name, 'name it: { fields: { name: "…" } }');
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw usageError(
        `column names${inside} that differ in more than case`,
        `${other} and ${name}`,
        `name them: { fields: { ${other}: "${other}", ${name}_2: "${name}" } }`,
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** A column name as an SQL identifier, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path as an SQL text; made absolute, so that nothing like `s3://` reaches the database. */
export function quotePath(path: string): string {
  return quoteText(resolve(path));
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
