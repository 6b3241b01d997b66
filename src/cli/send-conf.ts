import type * as astro from "../alert";
import type { Alert } from "../alert/alert";
import { fieldOf, findField } from "../alert/fields";
import { BootcampError, isBootcampError, usageError } from "../errors";
import * as files from "../files";
import { readAlerts } from "../files/read-alerts";
import * as kafka from "../kafka";
import { publish } from "../kafka/publish/publish";
import { printText, say } from "../terminal";
import { readSchemaFile } from "./schema-file";

/**
 * Sends what a conf file of fink_simulator asks for, and prints what fink_simulator prints: N alerts per observation
 * whatever their visit, as bare records, at whole multiples of the interval.
 *
 * @param paths files or folders instead of the conf's FINK_DATA_SIM
 * @returns exit code
 */
export async function sendConf(file: string, paths: readonly string[], signal: AbortSignal): Promise<number> {
  const conf = files.readFinkConf(file);
  const data = paths.length > 0 ? paths : conf.data === null ? [] : [conf.data];
  if (data.length === 0) throw usageError("FINK_DATA_SIM in the conf, or files to send", undefined);
  const bootstrap = conf.bootstrap ?? undefined;
  await checkPartitions(conf, bootstrap);
  const schema = readSchemaFile(conf.schemaFile);
  const read = () => readAlerts(data, { recursive: false, schema, signal });
  const { available, failed } = await count(read(), conf.displayField);
  if (available === 0) throw noAlerts(data.join(", "));
  const asked = conf.alertsPerObservation * conf.observations;
  const total = Math.min(asked, available);
  if (Number.isFinite(asked) && asked > available) {
    say(`${asked} alerts are asked for, ${available} are there: all of them are sent`);
  }
  printText(`Total alert available (${data.join(", ")}): ${available}`);
  printText(`Total alert to be sent: ${total}`);
  const t0 = Date.now() / 1000;
  printText(`t0: ${t0}`);
  const first = t0 + conf.intervalSeconds - (t0 % conf.intervalSeconds);
  const shown: string[] = [];
  const report = await publish(observations(read(), total, conf, shown), {
    bootstrap,
    topic: conf.topic,
    partitions: conf.partitions,
    secondsPerVisit: conf.intervalSeconds,
    align: true,
    form: "bare",
    signal,
    onVisit: ({ number, alerts, lateSeconds }) => {
      const start = first + (number - 1) * conf.intervalSeconds + lateSeconds;
      printText(`Observation start: t0 + : ${(start - t0).toFixed(2)} seconds`);
      const range = shown[number - 1];
      if (range !== undefined) printText(`${alerts} alerts sent (${range})`);
      printText(`Observation ${number} done...`);
    },
  });
  say(`${report.alerts} alerts acknowledged in ${report.visits} observations`);
  if (failed > 0) say(`${failed} could not be read`);
  return failed > 0 || report.alerts < total ? 1 : 0;
}

/** More partitions than the topic has cannot be had; fewer are no harm. */
async function checkPartitions({ topic, partitions }: files.FinkConf, bootstrap: string | undefined): Promise<void> {
  try {
    const there = (await kafka.describeTopic(topic, { bootstrap })).partitions.length;
    if (partitions > there) {
      throw usageError(
        `NPARTITIONS of at most ${there}, which "${topic}" has`,
        partitions,
        "or delete the topic first",
      );
    }
  } catch (error) {
    if (!isBootcampError(error, "TOPIC_ABSENT")) throw error; // it will be made
  }
}

async function count(alerts: ReturnType<typeof readAlerts>, displayField: string | null) {
  let available = 0;
  try {
    for await (const alert of alerts) {
      if (available === 0 && displayField !== null) display(alert, displayField); // a misspelt field is said at once
      available++;
    }
  } catch (error) {
    if (isBootcampError(error, "NO_ALERTS")) throw noAlerts(error.where ?? "", error.remedy);
    throw error;
  }
  return { available, failed: alerts.ledger.failed };
}

const noAlerts = (where: string, remedy = "name files or folders with alerts"): BootcampError =>
  new BootcampError("USAGE", `Expected alerts to send, there are none in ${where}`, { remedy });

/** Groups of N in the order of the files' names; notes what is to be shown of each. */
async function* observations(
  alerts: AsyncIterable<Alert>,
  total: number,
  conf: files.FinkConf,
  shown: string[],
): AsyncGenerator<astro.Visit<Alert>> {
  let group: Alert[] = [];
  let taken = 0;
  const toVisit = (): astro.Visit<Alert> => {
    const name = conf.displayField;
    if (name !== null) shown.push(`${display(group[0]!, name)} to ${display(group[group.length - 1]!, name)}`);
    const visit = { id: `observation ${shown.length}`, mjdUtc: group[0]!.mjdUtc, field: null, alerts: group };
    group = [];
    return visit;
  };
  for await (const alert of alerts) {
    group.push(alert);
    taken++;
    if (group.length >= conf.alertsPerObservation || taken >= total) yield toVisit();
    if (taken >= total) return;
  }
  if (group.length > 0) yield toVisit();
}

/** As in the conf, the packet's own field comes first; a common name of this library serves as well. */
function display(alert: Alert, path: string): string {
  return String(findField(alert, `packet.${path}`) ?? fieldOf(alert, path));
}
