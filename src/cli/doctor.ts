import type { Command } from "commander";
import * as engine from "../engine";
import { BootcampError } from "../errors";
import * as kafka from "../kafka";
import { printText } from "../terminal";
import { json } from "./json";
import { action, interruptSignal } from "./run";

interface Options {
  broker?: boolean;
  topic?: string;
  group?: string;
  bootstrap?: string;
  profile?: string;
  json?: boolean;
}

/** `alerts doctor`; exit code 1 when something needed is missing, or a stage of `--broker` fails. */
export function register(program: Command): void {
  program
    .command("doctor")
    .description("what is installed, running and reachable, and what to do about what is missing")
    .option("--broker", "try the connection to the broker instead, stage by stage")
    .option("-t, --topic <name>", "with --broker: a topic to look at as well")
    .option("-g, --group <name>", "with --broker: the consumer group to read as")
    .option("--bootstrap <address>", "with --broker: host:port instead of the profile's")
    .option("--json", "one JSON object per check; with --broker one for all")
    .action(action(run));
}

async function run(options: Options): Promise<number> {
  if (options.broker) return tryBroker(options);
  const alone = (["topic", "group", "bootstrap", "profile"] as const).find((name) => options[name] !== undefined);
  if (alone) throw new BootcampError("USAGE", `Expected --broker together with --${alone}, got --${alone} alone`);
  const checks = await engine.doctor({ signal: interruptSignal() });
  if (options.json) for (const check of checks) printText(json(check));
  else {
    const lines = checks.map(({ name, state, found, remedy }) => ({ sign: signs[state], name, found, remedy }));
    print(lines);
  }
  return checks.some((check) => check.state === "missing") ? 1 : 0;
}

async function tryBroker({ topic, group, bootstrap, profile, json: asJson }: Options): Promise<number> {
  const report = await kafka.probe({ topic, group, bootstrap, profile, signal: interruptSignal() });
  if (asJson) printText(json(report));
  else print(linesOf(report));
  return report.ok ? 0 : 1;
}

const signs = { ok: "✓", missing: "✗", unused: "–", failed: "✗", skipped: "–" } as const;

interface Line {
  sign: string;
  name: string;
  found: string;
  remedy?: string | undefined;
}

const linesOf = ({ stages }: kafka.ProbeReport): Line[] =>
  stages.map(({ stage, state, found, remedy }) => ({ sign: signs[state], name: stage, found, remedy }));

function print(lines: readonly Line[]): void {
  const width = Math.max(...lines.map(({ name }) => name.length));
  for (const { sign, name, found, remedy } of lines) {
    printText(`${sign} ${name.padEnd(width)}  ${found}${remedy ? `  → ${remedy}` : ""}`);
  }
}
