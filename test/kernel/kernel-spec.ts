import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelSpec } from "../../src/engine/lab/kernelspec";

/** A folder for JUPYTER_PATH in which a kernel, by default that of this checkout, has that name. */
export function kernelFolder(name: string, kernel = kernelSpec()): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "kernelspec-"));
  const spec = join(folder, "kernels", name);
  mkdirSync(spec, { recursive: true });
  writeFileSync(join(spec, "kernel.json"), JSON.stringify(kernel));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
