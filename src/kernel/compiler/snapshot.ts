import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { privateFolder } from "../../private-files";
import { projectRoot, sharedHome } from "../../version";
import { draftOf } from "../../write-whole";

/** Beside the other programs of the checkout: of its packages, not of one engine's state. */
const folder = join(sharedHome(), "kernel");
/** What changes with the packages that are installed, and with each build of this project. */
const stamps = ["node_modules/.package-lock.json", "dist/index.d.ts", "dist/kernel/compiler/process.js"];
/** Two kernels that start at once must not both make one; one that was killed meanwhile must not stop it for ever. */
const makingMs = 60_000;
const age = (name: string): number =>
  Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);

/** For other versions of Node, say; 50 MB each. */
const kept = 3;
/** The front end asks for its first things. */
const delayMs = 3000;

function pathOf(): string {
  const stamped = stamps.map((name) => statSync(join(projectRoot, name), { throwIfNoEntry: false })?.mtimeMs);
  // options of V8 have to be those it was made with
  const { NODE_OPTIONS: flags = "" } = process.env;
  const about = [process.version, process.arch, flags, projectRoot, ...stamped].join("\n");
  return join(folder, `compiler-${createHash("sha256").update(about).digest("hex").slice(0, 16)}.blob`);
}

/**
 * The memory of a compiler that has loaded TypeScript and parsed the types that every cell needs, as Node writes it
 * (`--build-snapshot`): a start from it loads and parses nothing. 50 MB on disk.
 *
 * @returns undefined where there is none for this Node and these packages
 */
export function findSnapshot(): string | undefined {
  const path = pathOf();
  return existsSync(path) ? path : undefined;
}

/** Makes the snapshot beside the work, with what processor is left; the next kernel starts from it. */
export function makeSnapshotLater(): void {
  setTimeout(() => void makeSnapshot(true).catch(() => {}), delayMs).unref(); // where nothing can be kept, there is none
}

/**
 * Makes the snapshot unless it is there, and removes the oldest. Ends with this process.
 *
 * @param isLater nobody waits for it: not while another process makes one
 * @throws FILE_ACCESS where it cannot be kept
 */
async function makeSnapshot(isLater = false): Promise<void> {
  const path = pathOf();
  privateFolder(folder);
  const others = readdirSync(folder);
  const drafts = others.filter((name) => name.includes(".new-"));
  const isNew = (name: string) => age(name) < makingMs;
  if (existsSync(path) || (isLater && drafts.some(isNew))) return;
  const draft = draftOf(path);
  const script = `${draft}.js`;
  // Node runs one script without `exports`, and gives it its own modules alone
  const builder = JSON.stringify(join(__dirname, "snapshot-builder.js"));
  const text = `const code = require("fs").readFileSync(${builder}, "utf8");
require("vm").compileFunction(code, ["exports", "require"], { filename: ${builder} })({}, require);`;
  writeFileSync(script, text, { flag: "wx", mode: 0o600 });
  const args = [
    "--no-warnings",
    "--snapshot-blob",
    draft,
    "--build-snapshot",
    script,
    projectRoot,
    require.resolve("typescript-6"),
  ];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  if (isLater && child.pid !== undefined) setPriority(child.pid, 19);
  const tidy = () => {
    child.kill("SIGKILL");
    for (const file of [script, draft]) rmSync(file, { force: true });
  };
  process.once("exit", tidy);
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(null)).on("exit", resolve);
  });
  if (code === 0) renameSync(draft, path);
  process.off("exit", tidy);
  tidy();
  const blobs = others.filter((name) => name.endsWith(".blob")).sort((a, b) => age(a) - age(b));
  const old = [...blobs.slice(kept - 1), ...drafts.filter((name) => !isNew(name))];
  for (const name of old) rmSync(join(folder, name), { force: true });
}

if (require.main === module) void makeSnapshot();
