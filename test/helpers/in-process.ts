import { join } from "node:path";
import type { Command } from "commander";
import { vi } from "vitest";
import type { Run } from "./alerts-command";
import { root } from "./data";

/** Thrown where the command would have ended the process. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** The exit code of what ends the process. */
function ended(work: () => never): number {
  try {
    return work();
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}

/**
 * Runs the built command `alerts` within the process of the test, which costs no start of Node: for many small runs. What
 * looks at the process itself (pipes, its end) needs a real one.
 *
 * @param heard called with each piece of output as it is written
 */
export async function inProcess(args: readonly string[], heard: (text: string) => void = () => {}): Promise<Run> {
  const { alertsProgram } = require(join(root, "dist/cli/program.js")) as {
    alertsProgram(words: readonly string[]): Command;
  };
  const { fail } = require(join(root, "dist/cli/run.js")) as { fail(error: unknown): never };
  const run: Run = { code: 0, stdout: "", stderr: "" };
  const written = (name: "stdout" | "stderr") =>
    vi.spyOn(process[name], "write").mockImplementation(((text: unknown, ...rest: unknown[]) => {
      run[name] += String(text);
      heard(String(text));
      const done = rest.at(-1);
      if (typeof done === "function") done();
      return true;
    }) as never);
  const exit = vi.spyOn(process, "exit").mockImplementation(((code?: number) => {
    throw new Exit(code ?? 0);
  }) as never);
  const spies = [written("stdout"), written("stderr"), exit];
  const listening = (["SIGINT", "SIGTERM"] as const).map((name) => [name, process.listeners(name)] as const);
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await alertsProgram(args).parseAsync([...args], { from: "user" });
    run.code = Number(process.exitCode ?? 0);
  } catch (error) {
    run.code = error instanceof Exit ? error.code : ended(() => fail(error));
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
    for (const [name, known] of listening)
      for (const listener of process.listeners(name)) if (!known.includes(listener)) process.off(name, listener);
  }
  return run;
}
