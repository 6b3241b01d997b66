// @module-tag long
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describeTopic } from "../../src/kafka/admin/topics";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
let folder: string;
let home: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-stream-data-"));
  home = mkdtempSync(join(tmpdir(), "bootcamp-stream-home-"));
  for (let n = 0; n < 3; n++) writeFileSync(join(folder, `${n}.avro`), makeAlert(n, { jd: 2460000.5 + n }).bytes);
});
afterAll(async () => {
  await stream("stop");
  for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
});

/** A profile of this test alone, in a home where no Kafka was started. */
const stream = (...args: string[]) =>
  alerts(["stream", ...args], {
    env: { BOOTCAMP_HOME: home, KAFKA_BOOTSTRAP: "127.0.0.1:1", KAFKA_PROFILE: "", DISTANT_BOOTSTRAP: bootstrap },
  });
const start = (...args: string[]) => stream("start", "--data", folder, "--topic", "sp-distant", ...args);

describe("alerts stream start --profile", () => {
  it("has the option of the other commands that connect; stop and status, which do not, have none", async () => {
    const help = async (...args: string[]) => (await alerts([...args, "--help"])).stdout.replace(/\s+/g, " ");
    const [, option] = /(--profile <name> .*?) (?=[A-Z]\w+:)/.exec(await help("topics", "list")) ?? [];
    expect(option).toMatch(/broker and login/);
    expect(await help("stream", "start")).toContain(option);
    for (const part of ["stop", "status"]) expect(await help("stream", part)).not.toContain("--profile");
  });

  it("publishes to the broker of the profile and starts none here", async () => {
    const run = await start("--profile", "distant", "--every", "60");
    expect([run.code, run.stdout]).toEqual([0, ""]);
    expect(run.stderr).toContain(`Using the broker of the profile distant at ${bootstrap}\n`);
    expect(run.stderr).toMatch(/^visit 1 .* 1 alert/m);
    expect(run.stderr).toMatch(/^Next: npx alerts print sp-distant --limit 5 --profile distant$/m);
    expect((await describeTopic("sp-distant", { bootstrap })).messages).toBe(1n);
    expect(existsSync(join(home, "engine.json"))).toBe(false);
    const kept = await start("--profile", "distant", "--every", "60", "--keep");
    expect([kept.code, kept.stderr]).toEqual([0, expect.stringMatching(/runs, 1 visit so far; it is left as it is/)]);
    expect((await stream("stop")).stderr).toBe("the stream is stopped\n");
  });

  it("refuses a profile that is not set, or beside a Kafka to start, and says when nobody answers", async () => {
    for (const [args, message] of [
      [["--profile", "nowhere"], /Expected NOWHERE_BOOTSTRAP for the broker profile nowhere, it is not set/],
      [["--profile", "distant", "--port", "0"], /a profile or a Kafka to start here, got distant and --port 0/],
      [["--profile", "distant", "--engine", "local"], /got distant and --engine local/],
    ] as [string[], RegExp][]) {
      expect(await start(...args)).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
    }
    const silent = await alerts(["stream", "start", "--data", folder, "--profile", "silent"], {
      env: { BOOTCAMP_HOME: home, SILENT_BOOTSTRAP: "127.0.0.1:1" },
    });
    expect([silent.code, silent.stderr]).toEqual([1, expect.stringContaining("127.0.0.1:1, none answers")]);
  });
});
