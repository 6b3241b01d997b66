import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { BootcampError, refuse } from "../../errors";
import { draftOf } from "../../write-whole";
import { checkoutFile, fingerprint, sharedFolder, venvFolder } from "../paths";
import { installHints, lastLines, run } from "../process/programs";
import { clearDrafts } from "./drafts";
import { installPackages } from "./python-packages";
import { requirePython } from "./toolchain";

type Kind = "notebook" | "test";
const files: Record<Kind, () => string> = {
  notebook: () => checkoutFile("docker", "notebook", "requirements.txt"),
  test: () => checkoutFile("test", "requirements.txt"),
};
// The path belongs to the fingerprint: the scripts of an environment name its folder, so a moved checkout needs a new one.
const wanted = (kind: Kind) => fingerprint([files[kind]()], dirname(sharedFolder()));
const stampOf = (folder: string, kind: Kind) => join(folder, `${kind}.fingerprint`);
const forTests = "python packages of the tests";

/** True when the environment is there, works, and holds the pinned packages of that kind. */
export function pythonIsInstalled(kind: Kind): boolean {
  const stamp = stampOf(venvFolder(), kind);
  // existsSync follows the link to the interpreter, so a Python that was removed counts as absent
  return (
    existsSync(join(venvFolder(), "bin", "python")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted(kind)
  );
}

/** Installs the environment as far as it is missing; returns what it installed. The caller holds the setup lock. */
export async function installPython(
  test: boolean,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  if (test && !existsSync(files.test()))
    throw refuse("--test in a checkout", "an installed package, which has no tests", "run: npx alerts setup");
  const kinds = test ? (["notebook", "test"] as const) : (["notebook"] as const);
  if (!pythonIsInstalled("notebook")) {
    await newEnvironment(kinds, say, signal);
    return ["python", ...(test ? [forTests] : [])];
  }
  if (!test || pythonIsInstalled("test")) return [];
  say("Installing the Python packages of the tests (once)");
  await installKinds(venvFolder(), kinds, signal);
  return [forTests];
}

/** So that the first notebook is as quick as the others; the kernel makes it itself where it is absent. */
export async function prepareKernel(signal?: AbortSignal): Promise<void> {
  await run(process.execPath, [checkoutFile("dist", "kernel", "compiler", "snapshot.js")], { signal });
}

/**
 * Builds a new environment beside the old one and then turns the link `venv` to it. A Python environment cannot be
 * renamed (its scripts name its folder), a link can, in one step.
 */
async function newEnvironment(
  kinds: readonly Kind[],
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const python = await requirePython(signal);
  const link = venvFolder();
  clearDrafts(link);
  const old = linkTarget(link);
  const folder = join(dirname(link), `venv-${Date.now().toString(36)}`);
  say("Installing JupyterLab into a Python environment (300 MB, half a minute, once)");
  try {
    const made = await run(python.program, ["-m", "venv", folder], { signal });
    if (made?.code !== 0) {
      throw new BootcampError(
        "MISSING_PROGRAM",
        `${python.program} -m venv failed:\n${lastLines(`${made?.stdout}\n${made?.stderr}`, 3)}`,
        { remedy: installHints.python },
      );
    }
    await installKinds(folder, kinds, signal);
    const draft = draftOf(link);
    symlinkSync(basename(folder), draft);
    if (old === undefined) rmSync(link, { recursive: true, force: true });
    renameSync(draft, link);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  // the one before, and what killed runs left
  for (const entry of readdirSync(dirname(link))) {
    const other = join(dirname(link), entry);
    if (entry.startsWith(`${basename(link)}-`) && other !== folder) rmSync(other, { recursive: true, force: true });
  }
}

/** The notebook's pins go along with those of the tests, so that the oracles cannot move them. */
async function installKinds(folder: string, kinds: readonly Kind[], signal?: AbortSignal): Promise<void> {
  await installPackages(
    folder,
    kinds.map((kind) => files[kind]()),
    signal,
  );
  for (const kind of kinds) writeFileSync(stampOf(folder, kind), wanted(kind));
}

function linkTarget(link: string): string | undefined {
  try {
    return join(dirname(link), basename(readlinkSync(link)));
  } catch {
    return undefined;
  }
}
