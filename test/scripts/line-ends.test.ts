// @module-tag long
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { git, needs, root } from "../helpers/data";
import { projectFiles } from "../helpers/project-files";

describe.skipIf(needs.git())("a checkout by a git that turns line ends into those of Windows", () => {
  it("has those of the repository: a script with others does not start", () => {
    const folder = mkdtempSync(join(tmpdir(), "bootcamp-line-ends-"));
    const run = (...args: string[]) =>
      execFileSync(git!, ["-c", "core.autocrlf=true", "-c", "core.eol=crlf", "-C", folder, ...args], { stdio: "pipe" });
    try {
      const names = projectFiles();
      for (const name of names) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        cpSync(join(root, name), join(folder, name));
      }
      run("init", "-q");
      run("add", "-A");
      for (const name of names) if (name !== ".gitattributes") rmSync(join(folder, name));
      run("checkout-index", "-a", "-f");
      const texts = names.filter((name) => !name.endsWith(".png"));
      expect(texts.filter((name) => readFileSync(join(folder, name)).includes("\r\n"))).toEqual([]);
      const picture = "docs/stamps-and-light-curve.png";
      expect(readFileSync(join(folder, picture)).equals(readFileSync(join(root, picture)))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
