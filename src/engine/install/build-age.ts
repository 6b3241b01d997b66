import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * A source that is newer than the build, by its path in `root`; undefined when the build is up to date, absent, or all
 * there is, as in an installed package. The rule is that of the launch scripts (docker/prepare.sh): tests are no part of
 * the build.
 */
export function newerThanBuild(root: string): string | undefined {
  const built = statSync(join(root, "dist", "index.js"), { throwIfNoEntry: false });
  if (!built || !existsSync(join(root, "src"))) return undefined;
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => join("src", name))
    .find((path) => /(?<!\.test)\.ts$/.test(path) && statSync(join(root, path)).mtimeMs > built.mtimeMs);
}
