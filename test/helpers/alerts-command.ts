import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./data";

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a program of this project; the built command `alerts` unless another is named. */
export function start(
  args: readonly string[],
  options: { program?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const [program, all] = options.program
    ? [join(root, options.program), args]
    : [process.execPath, [join(root, "dist/cli/main.js"), ...args]];
  return spawn(program, all, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Waits for its end with all it printed. */
export function ended(child: ChildProcess): Promise<Run> {
  const run: Run = { code: null, stdout: "", stderr: "" };
  child.stdout!.on("data", (piece) => (run.stdout += piece));
  child.stderr!.on("data", (piece) => (run.stderr += piece));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...run, code }));
  });
}

/** Runs `alerts` (or another program) to its end. */
export const alerts = (args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Run> =>
  ended(start(args, options));
