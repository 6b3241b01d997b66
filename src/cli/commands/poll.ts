import type { Alert } from "../../alert/alert";
import * as kafka from "../../kafka";
import { describeItem } from "../../stream/alert-stream";
import { say } from "../../terminal";
import { packetJson, saveFiles, savePlot } from "../alert-outputs";
import { command } from "../command";
import { count, flag, number, text, type Values } from "../option";
import { Output } from "../output";
import { interruptSignal } from "../run";
import { broker, outputs, schemas } from "../shared-options";

const options = {
  group: text("-g, --group <name>", "read as this consumer group: the next alert at each call"),
  from: text("--from <where>", "earliest, newest, latest (the next to come), or a time (UTC) (default: earliest)"),
  last: count("--last <n>", "instead: the oldest of the newest <n> messages"),
  wait: number("--wait <seconds>", "how long to wait for it", 5),
  skip: flag("--skip", "skip messages that cannot be decoded, naming each"),
  ...outputs,
  json: flag("--json", "print the packet as one line of JSON instead of indented"),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("poll <topic>", {
  summary: "get one alert of a topic: its packet as JSON, a file, its stamps, its light curve",
  section: "Alerts in Kafka",
  options,
  notes: `With --group each call gives the next alert, which counts as read once it is printed and saved. Without it, --from says which.

Exit code 0 with an alert; 1 when none came within --wait, or the next message cannot be decoded (it is named, and a
group stays before it); 2 for wrong usage.`,
  examples: [
    "alerts poll ztf-stream --from newest --plot newest.html",
    "alerts poll elasticc --schema elasticc.v0_9.alert.avsc --group jo-2026 --save .",
    "while alerts poll ztf-stream --group jo-2026 --json; do :; done",
  ],
  run: poll,
});

async function poll(topic: string, options: Given): Promise<void> {
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
    last: options.last,
    waitSeconds: options.wait,
    schema: options.schema,
    registry: options.registry,
    skip: options.skip,
    signal: interruptSignal(),
    deliver,
  });
}
