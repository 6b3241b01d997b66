import type { Command } from "commander";
import * as kafka from "../kafka";
import { printText, say } from "../terminal";
import { json } from "./json";
import { action, interruptSignal, number } from "./run";
import { asUsage } from "./wrong-usage";

interface Options {
  speed?: string;
  every?: string;
  fast?: boolean;
  repeat?: string;
  passes?: string;
  force?: boolean;
  append?: boolean;
  partitions?: string;
  json?: boolean;
}

/** `alerts play FROM TO` */
export function register(program: Command): void {
  program
    .command("play <from> <to>")
    .description("play a reservoir back into a topic, at the true gaps between exposures unless told otherwise")
    .option("--speed <factor>", "so many times faster than it was")
    .option("-e, --every <seconds>", "instead: a fixed interval from visit to visit")
    .option("--fast", "instead: as fast as possible")
    .option("--repeat <seconds>", "begin again so many seconds after the last beginning, until interrupted")
    .option("--passes <n>", "with --repeat: so many times")
    .option("--force", "empty the output first if it holds anything")
    .option("--append", "add to what the output holds")
    .option(
      "--partitions <n>",
      "partitions of an output that is recreated (default: 4, or as many as an empty one had)",
    )
    .option("--json", "one JSON line per visit, and one for the report")
    .action(action(play));
}

async function play(from: string, to: string, options: Options): Promise<number> {
  const settings = {
    speed: number("--speed", options.speed),
    everySeconds: number("--every", options.every),
    fast: options.fast,
    repeatSeconds: number("--repeat", options.repeat),
    passes: number("--passes", options.passes),
    force: options.force,
    append: options.append,
    partitions: number("--partitions", options.partitions),
    signal: interruptSignal(),
    onStart: (alerts: bigint) => say(`playing ${alerts} alerts of ${from} to ${to} at ${kafka.bootstrapServers()}`),
    onVisit: options.json ? (visit: kafka.PlayedVisit) => printText(json(visit)) : printVisit,
    onPass: ({ number: pass, seconds, isLate }: kafka.PlayedPass) => {
      const late = isLate ? `, longer than --repeat ${options.repeat}` : "";
      say(`pass ${pass} took ${seconds.toFixed(1)} s${late}`);
    },
  };
  const report = await asUsage(["TOPIC_ABSENT"], () => kafka.playReservoir(from, to, settings));
  if (options.json) printText(json(report));
  const how = report.interrupted ? "interrupted: " : "";
  const late = report.lateVisits
    ? `${report.lateVisits} visits late, at most ${report.maxLateSeconds.toFixed(2)} s`
    : "none late";
  say(`${how}${report.alerts} alerts acknowledged in ${report.visits} visits, ${report.seconds.toFixed(1)} s; ${late}`);
  return 0;
}

function printVisit({ number: n, offsetSeconds, alerts, lateSeconds }: kafka.PlayedVisit): void {
  const late = lateSeconds > 0.01 ? `  ${lateSeconds.toFixed(2)} s late` : "";
  printText(`visit ${n}  +${offsetSeconds.toFixed(1)} s  ${alerts} ${alerts === 1 ? "alert" : "alerts"}${late}`);
}
