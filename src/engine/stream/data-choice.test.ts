import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newestNight } from "./data-choice";

describe("newestNight", () => {
  const folder = mkdtempSync(join(tmpdir(), "nights-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const add = (night: string, ...files: string[]) => {
    mkdirSync(join(folder, night));
    for (const file of files) writeFileSync(join(folder, night, file), "");
  };

  it("is the latest date that holds alerts; an empty night and what is no night do not count", () => {
    expect(newestNight(join(folder, "absent"))).toBeUndefined();
    expect(newestNight(folder)).toBeUndefined();
    add("20181129", "1.avro");
    add("20190101", "2.avro.gz");
    add("20200101");
    add("20210101", "log.txt");
    add("catalogs", "3.avro");
    add("simulated-7", "4.avro");
    writeFileSync(join(folder, "20990101"), "a file");
    expect(newestNight(folder)).toBe(join(folder, "20190101"));
  });
});
