import type { Command } from "commander";
import { doctor } from "../index";
import { action, interruptSignal } from "./run";

/** `alerts doctor`; exit code 1 when something needed is missing. */
export function register(program: Command): void {
  program
    .command("doctor")
    .description("what is installed, running and reachable, and what to do about what is missing")
    .option("--json")
    .action(action(run));
}

const signs = { ok: "✓", missing: "✗", unused: "–" } as const;

async function run(options: { json?: boolean }): Promise<number> {
  const checks = await doctor({ signal: interruptSignal() });
  if (options.json) console.log(JSON.stringify(checks));
  else {
    const width = Math.max(...checks.map((check) => check.name.length));
    for (const { name, state, found, remedy } of checks) {
      const advice = remedy ? `  → ${remedy}` : "";
      console.log(`${signs[state]} ${name.padEnd(width)}  ${found}${advice}`);
    }
  }
  return checks.some((check) => check.state === "missing") ? 1 : 0;
}
