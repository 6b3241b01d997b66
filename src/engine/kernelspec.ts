import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../folders";
import { writeWhole } from "../write-whole";
import { checkoutFile, venvFolder } from "./paths";

/** Name by which notebooks ask for the kernel; tslab's own installation uses it too, so they also open elsewhere. */
export const KERNEL_NAME = "tslab";

/**
 * Tells Jupyter how to start the TypeScript kernel of this checkout. tslab's own installer writes a file that needs
 * `tslab` on PATH; this one names program and script. Written at every launch: a checkout that moved works again.
 *
 * @param venv Python environment; default the one that `alerts setup` makes
 * @returns the folder written
 */
export function installKernel(venv = venvFolder()): string {
  const folder = join(venv, "share", "jupyter", "kernels", KERNEL_NAME);
  const file = join(folder, "kernel.json");
  const script = checkoutFile("node_modules", "tslab", "bin", "tslab");
  const spec = {
    argv: [process.execPath, script, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
  };
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  if (readOr(file) === text) return folder;
  makeFolder(folder);
  writeWhole(file, text);
  return folder;
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
