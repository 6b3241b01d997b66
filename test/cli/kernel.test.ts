import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { root } from "../helpers/data";
import { inProcess } from "../helpers/in-process";

describe("alerts kernel install", () => {
  const folder = mkdtempSync(join(tmpdir(), "jupyter-data-"));
  beforeEach(() => void vi.stubEnv("JUPYTER_DATA_DIR", folder));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes the kernel where Jupyter of this user looks, and takes it away", async () => {
    const installed = await inProcess(["kernel", "install"]);
    expect(installed.code).toBe(0);
    const [name] = readdirSync(join(folder, "kernels"));
    const spec = join(folder, "kernels", name!, "kernel.json");
    expect(JSON.parse(readFileSync(spec, "utf8")).argv).toContain(join(root, "dist/kernel/main.js"));
    const removed = await inProcess(["kernel", "install", "--remove"]);
    expect([removed.code, existsSync(spec)]).toEqual([0, false]);
  });
});
