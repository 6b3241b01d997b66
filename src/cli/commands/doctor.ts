import * as engine from "../../engine";
import { BootcampError } from "../../errors";
import * as kafka from "../../kafka";
import { printText } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { flag, text, type Values } from "../option";
import { interruptSignal } from "../run";
import { broker } from "../shared-options";

const options = {
  broker: flag("--broker", "try the connection to the broker instead, stage by stage"),
  topic: text("-t, --topic <name>", "with --broker: also look at this topic"),
  group: text("-g, --group <name>", "with --broker: the consumer group to read as"),
  json: flag("--json", "print JSON: one object per check; with --broker one for all"),
  ...broker,
};
type Given = Values<typeof options>;

export default command("doctor", {
  summary: "check what is installed, running and reachable, and say what to do about the rest",
  section: "On this machine",
  options,
  notes: "Exit code 1 when something needed is missing, or a stage of --broker fails.",
  examples: ["alerts doctor", "alerts doctor --broker --topic ztf-stream --profile practice"],
  run: diagnose,
});

async function diagnose(options: Given): Promise<number> {
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

async function tryBroker({ topic, group, bootstrap, profile, json: asJson }: Given): Promise<number> {
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
