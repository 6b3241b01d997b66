import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";

/** Folder that holds package.json, notebooks/ and docker/, whether run from `src` or from `dist`. */
export const projectRoot = join(__dirname, "..");

/** True where this is a package of another project: the next installation there removes whatever is kept beside the code. */
export const isInstalled = basename(dirname(projectRoot)) === "node_modules";

/** Version of this package, from its package.json. */
export const version = (JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string })
  .version;

/**
 * Folder for what is kept between runs and fetched once for all engines: `.bootcamp` of the checkout, or of an installed
 * package where this user's programs keep their state (XDG Base Directory Specification 0.8).
 */
export function sharedHome(): string {
  if (!isInstalled) return join(projectRoot, ".bootcamp");
  const named = process.env["XDG_STATE_HOME"] ?? "";
  // the specification has relative paths ignored
  return join(isAbsolute(named) ? named : join(homedir(), ".local", "state"), "alert-bootcamp");
}

/** The same, unless `BOOTCAMP_HOME` names another folder. */
export function bootcampHome(): string {
  return resolve(process.env["BOOTCAMP_HOME"] || sharedHome());
}

/**
 * Folder with nights and catalogues: `BOOTCAMP_DATA`, else `data` of the checkout, or of an installed package's working folder.
 * @example
 * const night = await readAlerts(`${files.dataRoot()}/20181129`).toArray();
 */
export function dataRoot(): string {
  return resolve(process.env["BOOTCAMP_DATA"] || join(isInstalled ? process.cwd() : projectRoot, "data"));
}
