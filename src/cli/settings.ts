import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Variables that name folders. */
const folders = ["BOOTCAMP_HOME", "BOOTCAMP_DATA"] as const;

/**
 * Takes over the settings of the file `.env` (broker and credentials, see `.env.example`); what the environment says
 * already wins. Folders of the file are meant from the project on, those of the environment from where one stands; both
 * are made absolute, so that programs started elsewhere, such as the kernels of JupyterLab, find the same ones.
 *
 * @param project folder of `.env`
 */
export function loadSettings(project: string): void {
  const given = new Set(folders.filter((name) => process.env[name] !== undefined));
  const file = join(project, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  for (const name of folders) {
    const value = process.env[name];
    if (value) process.env[name] = resolve(given.has(name) ? process.cwd() : project, value);
  }
}
