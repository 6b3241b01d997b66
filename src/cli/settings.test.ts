import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadSettings } from "./settings";

const names = ["BOOTCAMP_HOME", "BOOTCAMP_DATA", "KAFKA_BOOTSTRAP"] as const;
let before: NodeJS.ProcessEnv;
let project: string;
beforeEach(() => {
  before = { ...process.env };
  for (const name of names) delete process.env[name];
  project = mkdtempSync(join(tmpdir(), "bootcamp-settings-"));
});
afterEach(() => {
  for (const name of names) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  rmSync(project, { recursive: true });
});

const loaded = (text?: string, ...first: string[]) => {
  if (text !== undefined) writeFileSync(join(project, ".env"), text);
  loadSettings(...first, project);
  return names.map((name) => process.env[name]);
};

it("means folders of .env from the project on", () => {
  expect(loaded("BOOTCAMP_HOME=state\nBOOTCAMP_DATA=../nights\nKAFKA_BOOTSTRAP=far:9092\n")).toEqual([
    join(project, "state"),
    resolve(project, "../nights"),
    "far:9092",
  ]);
});

it("means those of the environment from where one stands, and they win", () => {
  process.env.BOOTCAMP_DATA = "nights";
  process.env.KAFKA_BOOTSTRAP = "";
  expect(loaded("BOOTCAMP_HOME=/state\nBOOTCAMP_DATA=other\nKAFKA_BOOTSTRAP=far:9092\n")).toEqual([
    "/state",
    resolve("nights"),
    "",
  ]);
});

it("takes the first of several files, and folders from where each lies", () => {
  const folder = join(project, "analysis");
  mkdirSync(folder);
  writeFileSync(join(folder, ".env"), "KAFKA_BOOTSTRAP=near:9092\nBOOTCAMP_DATA=nights\n");
  expect(loaded("KAFKA_BOOTSTRAP=far:9092\nBOOTCAMP_DATA=other\nBOOTCAMP_HOME=state\n", folder)).toEqual([
    join(project, "state"),
    join(folder, "nights"),
    "near:9092",
  ]);
});

it("leaves alone what is not set, or set to nothing", () => {
  expect(loaded()).toEqual([undefined, undefined, undefined]);
  expect(loaded("BOOTCAMP_HOME=\n")).toEqual(["", undefined, undefined]);
});
