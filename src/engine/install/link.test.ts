import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { installKernel, installUserKernel, removeUserKernel } from "../lab/kernelspec";
import { engineRoot } from "../paths";
import { linkPackage } from "./link";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "link-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("linkPackage", () => {
  const link = () => join(root, "node_modules", "alert-bootcamp");

  it("makes a relative link, so that a moved checkout keeps it, and the command executable; twice is as good as once", () => {
    mkdirSync(join(root, "dist/cli"), { recursive: true });
    const command = join(root, "dist/cli/main.js");
    writeFileSync(command, "");
    chmodSync(command, 0o644);
    for (let time = 0; time < 2; time++) {
      linkPackage(root);
      expect(readlinkSync(link())).toBe("..");
      expect(statSync(command).mode & 0o777).toBe(0o755);
    }
    expect(readdirSync(join(root, "node_modules")).sort()).toEqual([".bin", "alert-bootcamp"]);
    expect(realpathSync(join(root, "node_modules/.bin/alerts"))).toBe(realpathSync(command));
  });

  it("replaces a link that leads elsewhere, and a folder", () => {
    mkdirSync(join(root, "node_modules"));
    symlinkSync("/nowhere", link());
    linkPackage(root);
    expect(readlinkSync(link())).toBe("..");
    rmSync(link());
    mkdirSync(join(link(), "dist"), { recursive: true });
    linkPackage(root);
    expect(readlinkSync(link())).toBe("..");
  });
});

describe("installKernel", () => {
  it("names program and script in full, so that nothing has to be on PATH; a stale one is written anew", async () => {
    const folder = installKernel(root);
    expect(folder).toBe(join(root, "share/jupyter/kernels/tslab"));
    writeFileSync(join(folder, "kernel.json"), "{}");
    installKernel(root);
    const { default: spec } = await import(join(folder, "kernel.json"));
    const main = join(engineRoot, "dist/kernel/main.js");
    expect(spec.argv).toEqual([process.execPath, main, "{connection_file}"]);
    expect(spec.interrupt_mode).toBe("message");
    expect(statSync(main).isFile()).toBe(true);
    expect(readdirSync(folder)).toEqual(["kernel.json"]);
    const beside = JSON.parse(readFileSync(join(root, "share/jupyter/kernels/tslab-own/kernel.json"), "utf8"));
    expect(beside.display_name).toBe("TypeScript (tslab)");
    expect(statSync(beside.argv[1]).isFile()).toBe(true);
  });
});

describe("installUserKernel", () => {
  it("has a name of its own and leaves a tslab that is there alone; removing leaves nothing", () => {
    vi.stubEnv("JUPYTER_DATA_DIR", root);
    const other = join(root, "kernels/tslab/kernel.json");
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, "{}");
    const folder = installUserKernel();
    expect(folder).toBe(join(root, "kernels/alert-bootcamp"));
    expect(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")).display_name).toBe("TypeScript (alerts)");
    removeUserKernel();
    removeUserKernel();
    expect(readdirSync(join(root, "kernels"))).toEqual(["tslab"]);
    expect(readFileSync(other, "utf8")).toBe("{}");
    vi.unstubAllEnvs();
  });
});
