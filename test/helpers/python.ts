import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { python } from "./data";

/**
 * Runs a Python script in the project's environment and returns what it prints.
 *
 * @param script Python source
 * @param args `sys.argv[1:]`
 * @param input text or bytes on its standard input
 */
export function runPython(script: string, args: string[] = [], input: string | Buffer = ""): string {
  const program = existsSync(python) ? python : (process.env["BOOTCAMP_PYTHON"] ?? python);
  const run = spawnSync(program, ["-c", script, ...args], { input, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`python ended with ${run.status}: ${run.error ?? run.stderr.toString()}`);
  return run.stdout.toString();
}
