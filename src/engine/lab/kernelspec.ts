import { readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makeFolder } from "../../folders";
import { findPackage } from "../../optional-package";
import { isInstalled } from "../../version";
import { writeWhole } from "../../write-whole";
import { checkoutFile, venvFolder } from "../paths";

/** Name by which notebooks ask for the kernel; tslab's own installation uses it too, so they also open elsewhere. */
export const KERNEL_NAME = "tslab";
/** tslab's own kernel, beside ours in the bootcamp's JupyterLab. */
const TSLAB_KERNEL_NAME = "tslab-own";
/** The kernel as it is installed for a user: a name of its own, so that no installation of tslab is touched. */
export const USER_KERNEL_NAME = "alert-bootcamp";

/** What Jupyter reads to start a kernel (`kernel.json`). */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode?: "message" | "signal";
}

/**
 * How the kernel of this checkout is started: program and script in full, so that nothing has to be on PATH.
 *
 * @throws MISSING_PROGRAM where the library was installed without what only its kernel needs
 */
export function kernelSpec(displayName = "TypeScript"): KernelSpec {
  findPackage("zeromq", "the notebook kernel");
  return {
    argv: [process.execPath, checkoutFile("dist", "kernel", "main.js"), "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
  };
}

/** How tslab's own kernel is started; its installer writes a file that needs `tslab` on PATH. */
export function tslabSpec(): KernelSpec {
  const tslab = join(dirname(findPackage("tslab", "tslab's own kernel")), "..", "bin", "tslab");
  return {
    argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript (tslab)",
    language: "typescript",
  };
}

/**
 * Tells the bootcamp's JupyterLab how to start the kernel of this checkout, and tslab's own to compare with. Written at
 * every launch: a checkout that moved works again.
 *
 * @param venv Python environment; default the one that `alerts setup` makes
 * @returns the folder of the kernel
 */
export function installKernel(venv = venvFolder()): string {
  const kernels = join(venv, "share", "jupyter", "kernels");
  const folder = writeSpec(join(kernels, KERNEL_NAME), kernelSpec());
  // to compare with, for who works on this one
  if (!isInstalled) writeSpec(join(kernels, TSLAB_KERNEL_NAME), tslabSpec());
  return folder;
}

/**
 * Installs the kernel for this user, so that every Jupyter front end finds it: JupyterLab, VS Code, nbconvert, papermill,
 * quarto.
 *
 * @returns the folder written
 * @example
 * engine.installUserKernel();
 */
export function installUserKernel(): string {
  return writeSpec(userKernelFolder(), kernelSpec("TypeScript (alerts)"));
}

/**
 * Removes what {@link installUserKernel} wrote; returns the folder. Does nothing when it is not there.
 * @example
 * engine.removeUserKernel();
 */
export function removeUserKernel(): string {
  const folder = userKernelFolder();
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

/** Jupyter's folder of a user's kernels, as `jupyter --data-dir` has it. */
function userKernelFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  const own: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(homedir(), "Library", "Jupyter"),
    win32: join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter"),
  };
  const data = own[process.platform] ?? join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
  return join(JUPYTER_DATA_DIR || data, "kernels", USER_KERNEL_NAME);
}

function writeSpec(folder: string, spec: KernelSpec): string {
  const file = join(folder, "kernel.json");
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
