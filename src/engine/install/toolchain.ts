import { join } from "node:path";
import { missingProgram, type RunResult, run } from "../process/programs";

export interface Tool {
  /** What to start: a path or a name on PATH. */
  program: string;
  /** Version as the program says it, e.g. `17.0.15`. */
  version: string;
}

/** A JVM or an interpreter that does not answer within this time is as good as missing. */
const ASK_SECONDS = 8;

/** Kafka 4 needs Java 17 for the broker. */
export const MIN_JAVA = 17;
/** Oldest Python that every pinned package of docker/notebook/requirements.txt takes. */
export const MIN_PYTHON = [3, 10] as const;

const ask = (program: string, args: string[], signal?: AbortSignal): Promise<RunResult | undefined> =>
  run(program, args, { timeoutSeconds: ASK_SECONDS, signal });

/** The Java of JAVA_HOME, or the one on PATH, if it is new enough; else what was found instead. */
export async function findJava(signal?: AbortSignal): Promise<Tool | { found: string }> {
  const home = process.env.JAVA_HOME;
  let found = "none";
  for (const program of home ? [join(home, "bin", "java"), "java"] : ["java"]) {
    const answer = await ask(program, ["-version"], signal);
    const version = /version "([^"]+)"/.exec(`${answer?.stderr}\n${answer?.stdout}`)?.[1];
    // macOS has a /usr/bin/java that only says that there is no Java; it ends with an error
    if (!version || answer?.code !== 0) continue;
    // "1.8.0_292" is Java 8; from 9 on the first number is the release
    const release = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1]);
    if (release >= MIN_JAVA) return { program, version };
    found = `Java ${version}`;
  }
  return { found };
}

/** The same, as a promise of the program or an error that names the command to install it. */
export async function requireJava(signal?: AbortSignal): Promise<Tool> {
  const java = await findJava(signal);
  if ("program" in java) return java;
  throw missingProgram("java", `Kafka needs Java ${MIN_JAVA} or newer; found ${java.found}`);
}

/** Maven on PATH. */
export async function findMaven(signal?: AbortSignal): Promise<Tool | { found: string }> {
  const answer = await ask("mvn", ["-B", "-version"], signal);
  const version = /Apache Maven (\d[\w.-]*)/.exec(answer?.stdout ?? "")?.[1];
  return version && answer?.code === 0 ? { program: "mvn", version } : { found: "none" };
}

export async function requireMaven(signal?: AbortSignal): Promise<Tool> {
  const maven = await findMaven(signal);
  if ("program" in maven) return maven;
  throw missingProgram("mvn", "Fetching the Kafka jars needs Maven (mvn); found none that answers");
}

/** `BOOTCAMP_PYTHON`, or the first Python on PATH that is new enough. */
export async function findPython(signal?: AbortSignal): Promise<Tool | { found: string }> {
  const named = process.env.BOOTCAMP_PYTHON;
  const names = named
    ? [named]
    : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  let found = "none";
  for (const program of names) {
    const answer = await ask(program, ["-c", "import platform; print(platform.python_version())"], signal);
    const version = answer?.code === 0 ? answer.stdout.trim() : "";
    const [major, minor] = version.split(".").map(Number);
    if (major === undefined || minor === undefined) continue;
    if (major === MIN_PYTHON[0] && minor >= MIN_PYTHON[1]) return { program, version };
    if (found === "none") found = `Python ${version}`;
  }
  return { found };
}

export async function requirePython(signal?: AbortSignal): Promise<Tool> {
  const python = await findPython(signal);
  if ("program" in python) return python;
  throw missingProgram("python", `JupyterLab needs Python ${MIN_PYTHON.join(".")} or newer; found ${python.found}`);
}
