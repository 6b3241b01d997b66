import type { Command } from "commander";
import type { Alert } from "../alert/alert";
import * as kafka from "../kafka";
import { describeItem } from "../stream/alert-stream";
import { say } from "../terminal";
import { type AlertOutputs, checkOutputs, outputOptions, packetJson, saveFiles, savePlot } from "./alert-outputs";
import { Output } from "./output";
import { action, count, interruptSignal, number } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";

interface Options extends AlertOutputs {
  group?: string;
  from?: string;
  last?: string;
  wait: string;
  schema?: string;
  registry?: string;
  skip?: boolean;
}

const help = `
With --group each call gives the next alert; it counts as read once it is printed and saved. Without, --from says which.

Exit code 0 with an alert; 1 when none came within --wait, or the next message cannot be decoded (it is named, and a
group stays before it); 2 for wrong usage.

Examples:
  alerts poll ztf-stream --from newest --plot newest.html
  alerts poll elasticc --schema elasticc.v0_9.alert.avsc --group jo-2026 --save .
  while alerts poll ztf-stream --group jo-2026 --json; do :; done`;

/** `alerts poll TOPIC` */
export function register(program: Command): void {
  const command = program
    .command("poll <topic>")
    .description("one alert of a topic: its packet as JSON, a file, its stamps, its light curve")
    .option("-g, --group <name>", "read as this consumer group: the next alert at each call")
    .option("--from <where>", "earliest, newest, latest (the next to come), or a time (UTC) (earliest)")
    .option("--last <n>", "instead: the oldest of the newest so many messages")
    .option("--wait <seconds>", "how long to wait for it", "5")
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .option("--skip", "pass over messages that cannot be decoded, naming each");
  outputOptions(command).addHelpText("after", help).action(action(poll));
}

async function poll(topic: string, options: Options): Promise<void> {
  checkOutputs(options);
  const output = new Output();
  const deliver = async (alert: Alert) => {
    say(`${describeItem(alert)}  ${alert}`);
    await output.line(packetJson(alert, options.json ? 0 : 2));
    await saveFiles(alert, options);
    if (options.plot !== undefined) savePlot([alert], options.plot);
  };
  await kafka.poll(topic, {
    group: options.group,
    from: options.from,
    last: count("--last", options.last),
    waitSeconds: number("--wait", options.wait),
    schema: readSchemaFile(options.schema),
    registry: options.registry,
    skip: options.skip,
    signal: interruptSignal(),
    deliver,
  });
}
