import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Folder that holds package.json, notebooks/ and docker/, whether run from `src` or from `dist`. */
export const projectRoot = join(__dirname, "..");

/** Version of this package, from its package.json. */
export const version = (JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string })
  .version;

/** Folder for what is kept between runs: `BOOTCAMP_HOME`, else `.bootcamp` of the checkout. */
export function bootcampHome(): string {
  return resolve(process.env["BOOTCAMP_HOME"] || join(projectRoot, ".bootcamp"));
}

/** Folder with nights and catalogues: `BOOTCAMP_DATA`, else `data` of the checkout. */
export function dataRoot(): string {
  const named = process.env["BOOTCAMP_DATA"];
  return named ? resolve(named) : join(projectRoot, "data");
}
