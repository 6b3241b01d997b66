import * as engine from "../../engine";
import { printText } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { flag, type Values } from "../option";
import { table } from "../run";

const options = { json: flag("--json", "print JSON") };
type Given = Values<typeof options>;

export default command("status", {
  summary: "show what is running, where, since when, and whether it answers",
  section: "On this machine",
  options,
  notes: "Exit code 1 when no broker answers, so that scripts can ask.",
  examples: ["alerts status", "alerts status --json | jq .bootstrap"],
  run: status,
});

async function status(options: Given): Promise<number> {
  const now = await engine.status();
  if (options.json) printText(json(now));
  else print(now);
  return now.reachable ? 0 : 1;
}

function print(now: engine.EngineStatus): void {
  if (now.engine === "none") {
    const why =
      now.brokers.length > 0
        ? `the Kafka of ${now.bootstrap} has ended`
        : `no Kafka runs here, and none answers at ${now.bootstrap}`;
    printText([why, ...now.brokers.map(died), "  → start one: npx alerts up"].join("\n"));
    return;
  }
  const lines: [string, string][] = [
    ["engine", `${now.engine}${now.version && `, Kafka ${now.version}`}`],
    ["address", now.bootstrap],
    ...(now.secure ? ([["secure", `${now.secure.bootstrap}, --profile practice`]] as [string, string][]) : []),
    ["state", now.reachable ? "answers" : `does not answer: ${now.problem ?? ""}`],
  ];
  if (now.topics !== undefined) lines.push(["topics", String(now.topics)]);
  if (now.uptimeSeconds !== undefined) lines.push(["up", duration(now.uptimeSeconds)]);
  if (now.monitoring) {
    const { prometheus, metrics, brokers } = now.monitoring;
    lines.push(["watched", `${prometheus} (Prometheus), of ${[metrics, ...brokers].join(", ")}`]);
  }
  if (now.memoryBytes !== undefined) lines.push(["memory", megabytes(now.memoryBytes)]);
  printText(lines.map(([name, value]) => `${name.padEnd(8)} ${value}`).join("\n"));
  const rows = now.brokers.map((broker) => ({
    broker: broker.id,
    address: broker.address,
    answers: broker.answers ? "yes" : "no",
    pid: broker.pid ?? "",
    memory: broker.memoryBytes === undefined ? "" : megabytes(broker.memoryBytes),
    log: broker.log ?? "",
  }));
  if (rows.length > 0) printText(`\n${table(rows)}`);
  for (const broker of now.brokers) if (broker.lastWords) printText(died(broker));
}

const died = ({ id, lastWords, log }: engine.BrokerStatus) =>
  `  broker ${id}: ${lastWords?.slice(0, 500)}${log ? ` (log ${log})` : ""}`;

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
