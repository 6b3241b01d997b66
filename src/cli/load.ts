import type { Command } from "commander";
import { BootcampError, isBootcampError, usageError } from "../errors";
import * as files from "../files";
import { formatBytes } from "../files/limits";
import * as kafka from "../kafka";
import { printText, say } from "../terminal";
import { json } from "./json";
import { action, interruptSignal } from "./run";

interface LoadOptions {
  topic: string;
  force?: boolean;
  form: "container" | "bare";
  source?: string;
  json?: boolean;
}

/** `alerts load PATH…` */
export function register(program: Command): void {
  program
    .command("load <paths...>")
    .description("fill a reservoir: a topic from which a night can be played back")
    .option("-t, --topic <name>", "the reservoir", "reservoir")
    .option("--force", "empty the topic first if it holds anything")
    .option("--form <form>", "container (with schema) or bare", "container")
    .option("--source <name>", "name of the data set, kept as header bootcamp-source")
    .option("--json", "print the report as JSON")
    .action(action(load));
}

async function load(paths: string[], options: LoadOptions): Promise<number> {
  if (!["container", "bare"].includes(options.form)) throw usageError("--form container or bare", options.form);
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
