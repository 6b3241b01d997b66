import { type ChildProcess, spawn } from "node:child_process";
import { BootcampError } from "../../errors";

export interface RunResult {
  /** Exit code, or null when the program was ended by a signal. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** Ends the program after this time. Default: no limit. */
  timeoutSeconds?: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Enough of what a program printed to tell what went wrong; the rest is dropped so that memory stays bounded. */
const KEPT_CHARACTERS = 1_000_000;

export function aborted(what: string): BootcampError {
  return new BootcampError("ABORTED", `${what} was interrupted`);
}

/**
 * Runs a program to its end. Resolves `undefined` when there is no such program on PATH; a bad exit code is left to the
 * caller. On abort the program and the programs it started are ended first.
 */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult | undefined> {
  if (options.signal?.aborted) return Promise.reject(aborted(program));
  return new Promise((done, fail) => {
    // an own process group, so that `mvn` (a script) and `pip` take their children along when they are ended
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (part: string) => {
        text[name] = (text[name] + part).slice(-KEPT_CHARACTERS);
      });
    }
    const stop = () => endGroup(child, "SIGTERM");
    const timer = options.timeoutSeconds && setTimeout(() => endGroup(child, "SIGKILL"), options.timeoutSeconds * 1000);
    options.signal?.addEventListener("abort", stop, { once: true });
    // a parent that leaves by process.exit() must not leave an installation running behind it
    const leave = () => endGroup(child, "SIGKILL");
    process.on("exit", leave);
    const finish = () => {
      if (timer) clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
      process.off("exit", leave);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      finish();
      if (error.code === "ENOENT" || error.code === "EACCES") done(undefined);
      else fail(error);
    });
    child.on("close", (code) => {
      finish();
      if (options.signal?.aborted) fail(aborted(program));
      else done({ code, ...text });
    });
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}

/** How the programs needed here are installed, one command for each of the two usual systems. */
export const installHints = {
  java: "sudo apt-get install openjdk-17-jre-headless (Debian, Ubuntu) or brew install openjdk@21 (macOS)",
  mvn: "sudo apt-get install maven (Debian, Ubuntu) or brew install maven (macOS)",
  python: "sudo apt-get install python3 python3-venv (Debian, Ubuntu) or brew install python (macOS)",
  node: "install Node.js 22 from https://nodejs.org or with brew install node@22 (macOS)",
  docker: "install Docker from https://docs.docker.com/get-docker/, or leave it: nothing needs it here",
  daemon: "start Docker (Docker Desktop, or sudo systemctl start docker), or leave it: nothing needs it here",
  compose: "sudo apt-get install docker-compose (Debian, Ubuntu), or leave it: nothing needs it here",
  prometheus: "sudo apt-get install prometheus (Debian, Ubuntu) or brew install prometheus (macOS)",
} as const;

/** "PROGRAM is missing" in one sentence, with the command that installs it. */
export function missingProgram(program: keyof typeof installHints, message: string): BootcampError {
  return new BootcampError("MISSING_PROGRAM", message, { remedy: installHints[program] });
}

/** The last lines of a program's output that say something, for an error message. */
export function lastLines(text: string, count = 5): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Maven colours its output even in batch mode
  const lines = text.replace(/\u001b\[[0-9;]*m/g, "").split(/\r?\n/);
  return lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count)
    .join("\n");
}
