// @module-tag long
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { dataFolderOf } from "../../src/broker/engine-state";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { createTopic, listTopics } from "../../src/kafka/admin/topics";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-places-"));
  vi.stubEnv("KAFKA_BOOTSTRAP", "");
});
afterEach(async () => {
  await stopEngine();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("keeps its data in a folder of any name, whatever the locale", async () => {
  const home = join(folder, "a, b\\ Bärbel ☄");
  mkdirSync(home);
  vi.stubEnv("BOOTCAMP_HOME", home);
  vi.stubEnv("LC_ALL", "C");
  const { bootstrap } = await startEngine({ engine: "local", port: 0 });
  await createTopic("kept", { bootstrap, partitions: 1 });
  await stopEngine();
  expect(readdirSync(dataFolderOf(1))).toEqual(expect.arrayContaining(["meta.properties", "kept-0"]));
  expect(readdirSync(folder)).toEqual(["a, b\\ Bärbel ☄"]);
  expect(existsSync(join(home, "logs", "kafka-1.log"))).toBe(true);
  const again = await startEngine({ engine: "local", port: 0 });
  expect(await listTopics({ bootstrap: again.bootstrap })).toEqual(["kept"]);
});
