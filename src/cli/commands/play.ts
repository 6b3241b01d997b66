import * as kafka from "../../kafka";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { flag, number, type Values } from "../option";
import { interruptSignal } from "../run";
import { broker } from "../shared-options";
import { asUsage } from "../wrong-usage";

const options = {
  speed: number("--speed <factor>", "this many times faster than it was"),
  every: number("-e, --every <seconds>", "instead: a fixed interval from visit to visit"),
  fast: flag("--fast", "instead: as fast as possible"),
  repeat: number("--repeat <seconds>", "begin again this long after each beginning, until interrupted"),
  passes: number("--passes <n>", "with --repeat: this many times"),
  force: flag("--force", "first empty the output topic if it holds anything"),
  append: flag("--append", "add to what the output topic holds"),
  partitions: number(
    "--partitions <n>",
    "partitions of an output topic that is created (default: 4, or as many as an empty one had)",
  ),
  json: flag("--json", "print JSON: one line per visit, and one for the report"),
  ...broker,
};
type Given = Values<typeof options>;

export default command("play <from> <to>", {
  summary: "play a reservoir back into a topic, by default with the true gaps between exposures",
  section: "Alerts in Kafka",
  arguments: { from: "the reservoir, as alerts load filled it", to: "the topic to play into" },
  options,
  examples: ["alerts play reservoir ztf-stream --speed 10", "alerts play reservoir ztf-stream --every 2 --append"],
  run: play,
});

async function play(from: string, to: string, options: Given): Promise<number> {
  const settings = {
    speed: options.speed,
    everySeconds: options.every,
    fast: options.fast,
    repeatSeconds: options.repeat,
    passes: options.passes,
    force: options.force,
    append: options.append,
    partitions: options.partitions,
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
    ? `${report.lateVisits} ${report.lateVisits === 1 ? "visit" : "visits"} late, at most ${report.maxLateSeconds.toFixed(2)} s`
    : "none late";
  say(`${how}${report.alerts} alerts acknowledged in ${report.visits} visits, ${report.seconds.toFixed(1)} s; ${late}`);
  return 0;
}

function printVisit({ number: n, offsetSeconds, alerts, lateSeconds }: kafka.PlayedVisit): void {
  const late = lateSeconds > 0.01 ? `  ${lateSeconds.toFixed(2)} s late` : "";
  printText(`visit ${n}  +${offsetSeconds.toFixed(1)} s  ${alerts} ${alerts === 1 ? "alert" : "alerts"}${late}`);
}
