import { BootcampError, isBootcampError } from "../../errors";
import * as files from "../../files";
import { formatBytes } from "../../files/limits";
import * as kafka from "../../kafka";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { choice, flag, text, type Values } from "../option";
import { interruptSignal } from "../run";
import { broker } from "../shared-options";

const options = {
  topic: text("-t, --topic <name>", "the reservoir", "reservoir"),
  force: flag("--force", "first empty the topic if it holds anything"),
  form: choice(
    "--form <form>",
    "send each alert with its schema (container) or without (bare)",
    ["container", "bare"],
    "container",
  ),
  source: text("--source <name>", "name of the data set, kept in the header bootcamp-source"),
  json: flag("--json", "print the report as JSON"),
  ...broker,
};
type Given = Values<typeof options>;

export default command("load <paths...>", {
  summary: "fill a reservoir: a topic from which a night can be played back",
  section: "Alerts in Kafka",
  arguments: { paths: "files, folders or archives of alerts" },
  options,
  examples: ["alerts load data/20181129", "alerts load night.tar.gz --topic my-reservoir --force"],
  run: load,
});

async function load(paths: string[], options: Given): Promise<number> {
  const signal = interruptSignal();
  const visits = files.readVisits(paths, { signal });
  const headers = options.source === undefined ? undefined : { "bootcamp-source": options.source };
  const { topic, force, form } = options;
  const onStart = () => void say(`loading into ${topic} at ${kafka.bootstrapServers()}`);
  try {
    const report = await kafka.loadReservoir(visits, { topic, force, form, headers, signal, onStart });
    const { failed } = visits.ledger;
    if (options.json) printText(json({ ...report, failed }));
    else {
      const how = report.interrupted ? "interrupted: " : "";
      const span = `${(report.spanSeconds / 3600).toFixed(2)} h of the night`;
      printText(
        `${how}loaded ${report.alerts} alerts (${formatBytes(report.bytes)}) in ${report.visits} visits, ${span}`,
      );
      if (report.withoutTime > 0) printText(`${report.withoutTime} of them give no time; they follow the alert before`);
    }
    if (failed > 0) say(`${failed} could not be read`);
    return failed > 0 || report.interrupted ? 1 : 0;
  } catch (error) {
    if (isBootcampError(error, "NO_ALERTS"))
      throw new BootcampError("USAGE", `Expected a night with alerts, ${paths.join(", ")} holds none`);
    throw error;
  }
}
