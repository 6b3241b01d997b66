import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDataSet } from "./data-set";
import { lessonCatalog } from "./lesson-catalog";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "lesson-data-"));
  vi.stubEnv("BOOTCAMP_DATA", data);
  vi.stubEnv("BOOTCAMP_HOME", join(data, "home"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true });
});

const night = (folder: string, seed: number) => {
  mkdirSync(join(data, folder), { recursive: true });
  writeFileSync(join(data, folder, "manifest.json"), JSON.stringify({ seed }));
  writeFileSync(join(data, folder, "catalog.csv"), "ra,dec,type\n");
};

describe("the catalogue of a lesson", () => {
  it("of a simulated night lies beside its alerts, and the seed has to agree", () => {
    night("simulated", 8);
    night("simulated-7", 7);
    expect(lessonCatalog("simulated-7")).toMatchObject({
      path: join(data, "simulated-7", "catalog.csv"),
      classColumn: "type",
    });
    expect(lessonCatalog("part of simulated-8").path).toBe(join(data, "simulated", "catalog.csv"));
    expect(lessonCatalog("simulated").about).toBe("catalogue of the simulated sky, seed 8");
    expect(() => lessonCatalog("simulated-9")).toThrow(
      expect.objectContaining({
        code: "FILE_NOT_FOUND",
        remedy: `write it: npx alerts simulate --seed 9 --folder ${join(data, "simulated-9")}`,
      }),
    );
  });

  it("is looked for first where the launch scripts write it", () => {
    night("simulated-7", 7);
    night("home/simulated-7", 7);
    expect(lessonCatalog("simulated-7").path).toBe(join(data, "home", "simulated-7", "catalog.csv"));
  });

  it("of real alerts is the one of variable stars", () => {
    useDataSet("ztf");
    expect(() => lessonCatalog()).toThrow(/Expected the catalogue of this lesson at .*gcvs\.csv, found none/);
    mkdirSync(join(data, "catalogs"));
    writeFileSync(join(data, "catalogs", "gcvs.csv"), "ra,dec,VarType\n");
    expect(lessonCatalog()).toMatchObject({ path: join(data, "catalogs", "gcvs.csv"), classColumn: "VarType" });
  });
});
