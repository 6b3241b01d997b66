import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Variables that name folders. */
const folders = ["BOOTCAMP_HOME", "BOOTCAMP_DATA"] as const;

/**
 * Takes over the settings of files `.env` (broker and credentials, see `.env.example`); what the environment says
 * already wins, and of several files the first. Folders of a file are meant from where it lies, those of the environment
 * from where one stands; both are made absolute, so that programs started elsewhere, such as the kernels of JupyterLab,
 * find the same ones.
 *
 * @param places folders that may have an `.env`
 */
export function loadSettings(...places: readonly string[]): void {
  settle(process.cwd());
  for (const place of new Set(places)) {
    const file = join(place, ".env");
    if (existsSync(file)) process.loadEnvFile(file);
    settle(place);
  }
}

/** What is absolute stays as it is. */
function settle(place: string): void {
  for (const name of folders) {
    const value = process.env[name];
    if (value) process.env[name] = resolve(place, value);
  }
}
