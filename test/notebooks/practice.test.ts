// @module-tag long
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { messageOf } from "../../src/errors";
import { listTopics } from "../../src/kafka/admin/topics";
import { startPractice } from "../../src/lesson/practice";
import { root } from "../helpers/data";
import { stopPractice } from "./stop-practice";

describe("the practice Kafka", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "practice-"));
    vi.stubEnv("BOOTCAMP_HOME", home);
    vi.stubEnv("PRACTICE_USERNAME", undefined);
  });
  afterEach(async () => {
    await stopPractice(home);
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  it("runs beside another one until it is stopped, and its profile with it", async () => {
    const practice = await startPractice();
    expect(process.env["PRACTICE_USERNAME"]).toBe("alice");
    expect(process.env["BOOTCAMP_HOME"]).toBe(home);
    expect(await listTopics({ profile: "practice" })).toEqual([]);
    await practice.stop();
    expect(process.env["PRACTICE_USERNAME"]).toBeUndefined();
    await expect(listTopics({ bootstrap: practice.bootstrap })).rejects.toMatchObject({ code: "KAFKA_UNREACHABLE" });
  });

  it("ends with the process that started it", async () => {
    const script = `require(${JSON.stringify(join(root, "dist"))}).lesson.startPractice().then((one) => {
      process.stdout.write(one.bootstrap, () => process.exit());
    })`;
    const { stdout: bootstrap } = await promisify(execFile)(process.execPath, ["-e", script]);
    const asked = () => listTopics({ bootstrap }).then(() => "answers", messageOf);
    await vi.waitFor(async () => expect(await asked()).toContain("none answers"), { timeout: 60_000, interval: 200 });
  });

  it("says what the command said when it cannot start", async () => {
    writeFileSync(join(home, "practice"), "a file in its place");
    await expect(startPractice()).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: expect.stringMatching(/^Expected alerts up to end well, it said:\n\S/),
    });
    rmSync(join(home, "practice"));
  });
});
