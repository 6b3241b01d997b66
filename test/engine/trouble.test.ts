// @module-tag long
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataFolderOf, readState, writeState } from "../../src/broker/engine-state";
import { doctor } from "../../src/engine/doctor";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { startLab } from "../../src/engine/lab/lab";
import { freePort } from "../../src/engine/process/ports";
import { BootcampError } from "../../src/errors";

const names = ["BOOTCAMP_HOME", "KAFKA_BOOTSTRAP", "JAVA_HOME", "PATH"] as const;
let before: Record<string, string | undefined>;
let home: string;

beforeEach(() => {
  before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  home = mkdtempSync(join(tmpdir(), "bootcamp-trouble-"));
  process.env.BOOTCAMP_HOME = home;
  delete process.env.KAFKA_BOOTSTRAP;
});
afterEach(async () => {
  for (const name of names) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  process.env.BOOTCAMP_HOME = home;
  await stopEngine();
  if (before.BOOTCAMP_HOME === undefined) delete process.env.BOOTCAMP_HOME;
  else process.env.BOOTCAMP_HOME = before.BOOTCAMP_HOME;
  rmSync(home, { recursive: true, force: true });
});

/** A folder that is all of PATH, holding programs that answer with these shell lines. */
function onlyPrograms(programs: Record<string, string>): void {
  delete process.env.JAVA_HOME;
  process.env.PATH = home;
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(home, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(home, name), 0o755);
  }
}

const failure = async (work: Promise<unknown>): Promise<BootcampError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BootcampError);
  return error as BootcampError;
};

describe("what a person is told when Kafka cannot start", () => {
  it("no Java: one sentence and the command that installs it", async () => {
    onlyPrograms({});
    const error = await failure(startEngine({ engine: "local", port: 0 }));
    expect(error.code).toBe("MISSING_PROGRAM");
    expect(error.toString()).toMatch(/^Kafka needs Java 17 or newer; found none\n {2}→ sudo apt-get install openjdk/);
  });

  it("an old Java: its version", async () => {
    onlyPrograms({ java: "echo 'openjdk version \"1.8.0_292\"' >&2" });
    const error = await failure(startEngine({ engine: "local", port: 0 }));
    expect(error).toMatchObject({
      code: "MISSING_PROGRAM",
      message: "Kafka needs Java 17 or newer; found Java 1.8.0_292",
    });
  });

  it("no Docker daemon: that nothing needs it", async () => {
    onlyPrograms({ docker: "echo 'Cannot connect to the Docker daemon' >&2; exit 1" });
    const error = await failure(startEngine({ engine: "docker" }));
    expect(error.toString()).toMatch(/^no Docker daemon answers\n.*nothing needs it here$/);
  });

  describe("Docker gone, in which Kafka last ran", () => {
    const said: string[] = [];
    const onProgress = (line: string) => void said.push(line);
    beforeEach(() => {
      onlyPrograms({ docker: "echo 'Cannot connect to the Docker daemon' >&2; exit 1" });
      writeState({ engine: "docker", version: "4.2.1", bootstrap: "127.0.0.1:9092", startedAt: "", brokers: [] });
      said.length = 0;
    });

    it.each([false, true])("it is forgotten when it is stopped, reset: %s", async (reset) => {
      expect(await stopEngine({ reset, onProgress })).toBeUndefined();
      expect(said).toEqual([expect.stringMatching(/no Docker daemon answers: its containers come back with Docker/)]);
      expect(readState()).toBeUndefined();
      expect(await stopEngine({ reset, onProgress })).toBeUndefined();
      expect(said).toHaveLength(1);
    });

    it.each(["auto", "local"] as const)("engine %s goes on with Java", async (engine) => {
      const error = await failure(startEngine({ engine, port: 0, onProgress }));
      expect(error.message).toBe("Kafka needs Java 17 or newer; found none");
      expect(said[0]).toMatch(
        /its containers come back with Docker, and their data; to stop them then: docker compose -f \S+docker-compose.yml down$/,
      );
      expect(readState()).toBeUndefined();
    });
  });

  it("an image that cannot be pulled: auto goes on with Java and says why", async () => {
    onlyPrograms({
      docker:
        'case "$*" in version*) echo 28.0;; "compose version"*) echo 2.30;; *pull*) echo "no such host" >&2; exit 1;; *) exit 1;; esac',
    });
    const said: string[] = [];
    const error = await failure(startEngine({ port: 0, onProgress: (line) => said.push(line) }));
    expect(said.join("\n")).toMatch(
      /Pulling apache\/kafka.*\nUsing Java: Docker could not pull apache\/kafka.*no such host/s,
    );
    expect(error.code).toBe("MISSING_PROGRAM");
  });

  it("nobody at KAFKA_BOOTSTRAP: the address, and nothing is started instead", async () => {
    process.env.KAFKA_BOOTSTRAP = `127.0.0.1:${await freePort()}`;
    const error = await failure(startEngine());
    expect(error).toMatchObject({ code: "KAFKA_UNREACHABLE", where: process.env.KAFKA_BOOTSTRAP });
    expect(readState()).toBeUndefined();
  });

  it("a Kafka that dies at its start: the lines of its log that say why", async () => {
    await startEngine({ engine: "local", port: 0 });
    await stopEngine();
    const meta = join(dataFolderOf(1), "meta.properties");
    writeFileSync(meta, readFileSync(meta, "utf8").replace("node.id=1", "node.id=7"));
    const error = await failure(startEngine({ engine: "local", port: 0 }));
    expect(error.code).toBe("ENGINE_FAILED");
    expect(error.message).toMatch(/Stored node id 7 doesn't match/);
    expect(error.remedy).toContain("--reset");
    expect(readState()).toBeUndefined();
  });

  it.each([
    { engine: "redpanda" as "local" },
    { port: 70_000 },
    { port: 9092.5 },
    { brokers: 2 as 3 },
    { engine: "docker", brokers: 3 } as const,
  ])("wrong settings %o: a usage error", async (options) => {
    expect((await failure(startEngine(options))).code).toBe("USAGE");
  });

  it.each([
    [{ port: 70_000 }, "Expected a port between 0 and 65535, got 70000 (number)"],
    [{ port: -1 }, "Expected a port between 0 and 65535, got -1 (number)"],
    [{ port: 1.5 }, "Expected a port between 0 and 65535, got 1.5 (number)"],
    [{ notebooks: "/no/such" }, 'Expected a folder of notebooks, got "/no/such" (string)'],
    [{ notebooks: __filename }, /^Expected a folder of notebooks/],
  ])("wrong settings of JupyterLab %o: a usage error", async (options, message) => {
    expect(await failure(startLab(options))).toMatchObject({
      code: "USAGE",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  });
});

it("doctor names what is missing and what to do about it", async () => {
  onlyPrograms({});
  const checks = await doctor();
  const of = (name: string) => checks.find((check) => check.name === name);
  expect(of("java 17+")).toMatchObject({ state: "missing", found: "none", remedy: expect.stringContaining("openjdk") });
  expect(of("docker daemon")).toMatchObject({ state: "unused", found: "Docker is not installed" });
  expect(of("npm packages")).toMatchObject({ state: "ok" });
  // without it everything but the notebooks works
  expect(checks.filter(({ name, state }) => /^(python|jupyterlab)/.test(name) && state === "missing")).toEqual([]);
  expect(checks.filter((check) => check.state !== "ok" && !check.remedy)).toEqual([]);
});
