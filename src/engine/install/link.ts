import { chmodSync, existsSync, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../folders";
import { draftOf } from "../../write-whole";
import { engineRoot } from "../paths";

/**
 * Makes `node_modules/alert-bootcamp` a link to this checkout, so that a notebook imports the library by its name: the
 * kernel cannot import `../src`. Makes the command `alerts` executable as well, and links it where `npx` looks and where a
 * folder for PATH is: `node_modules/.bin`. The last step of
 * `npm run build`; `npm ci` removes the link with everything else there.
 */
export function linkPackage(root = engineRoot): void {
  const command = join(root, "dist", "cli", "main.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  const modules = join(root, "node_modules");
  setLink(join(modules, "alert-bootcamp"), "..");
  setLink(join(modules, ".bin", "alerts"), join("..", "..", "dist", "cli", "main.js"));
}

function setLink(link: string, target: string): void {
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // absent, or not a link
  }
  if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true, force: true });
  makeFolder(dirname(link));
  // made under another name and moved there in one step: two builds at once both succeed
  const draft = draftOf(link);
  symlinkSync(target, draft);
  renameSync(draft, link);
}

if (require.main === module) linkPackage();
