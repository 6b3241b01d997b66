import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelSpec } from "../../src/engine/lab/kernelspec";

/** A folder for JUPYTER_PATH in which the kernel of this checkout has that name. */
export function kernelFolder(name: string): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "kernelspec-"));
  const spec = join(folder, "kernels", name);
  mkdirSync(spec, { recursive: true });
  writeFileSync(join(spec, "kernel.json"), JSON.stringify(kernelSpec()));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
