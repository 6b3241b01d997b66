import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { python } from "./data";

/**
 * Runs a Python script in the project's environment and returns what it prints.
 *
 * @param script Python source
 * @param args `sys.argv[1:]`
 * @param input text or bytes on its standard input
 * @param through a command that starts it, such as one that takes it to another host
 */
export function runPython(
  script: string,
  args: string[] = [],
  input: string | Buffer = "",
  through: readonly string[] = [],
): string {
  const interpreter = existsSync(python) ? python : (process.env["BOOTCAMP_PYTHON"] ?? python);
  const [program, ...all] = [...through, interpreter, "-c", script, ...args];
  const run = spawnSync(program!, all, { input, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`python ended with ${run.status}: ${run.error ?? run.stderr.toString()}`);
  return run.stdout.toString();
}
