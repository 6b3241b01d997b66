import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clearDrafts, swapIn } from "./drafts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-drafts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string) => {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "content"), name);
};

it("puts a finished folder in the place of a filled one", () => {
  make("kafka");
  make("kafka.new-1");
  swapIn(join(folder, "kafka.new-1"), join(folder, "kafka"));
  expect(readdirSync(folder)).toEqual(["kafka"]);
  expect(readFileSync(join(folder, "kafka", "content"), "utf8")).toBe("kafka.new-1");
});

it("clears what killed runs left, and nothing else", () => {
  for (const name of ["kafka", "kafka.new-1", "kafka.new-2", "kafka-4.2.1", "venv.new-1"]) make(name);
  clearDrafts(join(folder, "kafka"));
  expect(readdirSync(folder).sort()).toEqual(["kafka", "kafka-4.2.1", "venv.new-1"]);
});
