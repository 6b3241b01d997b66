import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./data";

/**
 * Files of the project, from its folder: what git would list, without git and also in a download that has no `.git`.
 * `.gitignore` here is a list of plain names, each at the top or anywhere; another kind of pattern is an error.
 */
export function projectFiles(): string[] {
  const ignored = readFileSync(join(root, ".gitignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const odd = ignored.filter((line) => !/^(\/?[\w.-]+\/?|\*\.[\w.]+)$/.test(line));
  if (odd.length > 0) throw new Error(`patterns of .gitignore that are not understood here: ${odd.join(" ")}`);
  const skips = (path: string, name: string) =>
    ignored.some((line) => {
      const pattern = line.replace(/\/$/, "");
      if (pattern.startsWith("/")) return path === pattern.slice(1);
      return pattern.startsWith("*") ? name.endsWith(pattern.slice(1)) : name === pattern;
    });
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === ".git" || skips(path, entry.name)) return [];
      return entry.isDirectory() ? walk(path) : [path];
    });
  return walk("");
}
