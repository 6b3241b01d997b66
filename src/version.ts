import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder that holds package.json, notebooks/ and docker/, whether run from `src` or from `dist`. */
export const projectRoot = join(__dirname, "..");

/** Version of this package, from its package.json. */
export const version = (JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string })
  .version;
