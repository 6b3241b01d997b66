import type { Alert } from "../../alert/alert";
import { listingFields } from "../../alert/common-view";
import { parseFields } from "../../alert/fields";
import { isBootcampError, messageOf, refuse } from "../../errors";
import { saveAlert } from "../../files/save-alert";
import { saveStamps } from "../../files/save-stamps";
import { subscribe } from "../../kafka/read/subscribe";
import { type AlertStream, describeItem } from "../../stream/alert-stream";
import { say } from "../../terminal";
import { command } from "../command";
import { count, flag, folder, index, number, offset, renamed, text, under, type Values } from "../option";
import { Output } from "../output";
import { alertPrinter, keyOf } from "../print-alerts";
import { ProgressLine, progressBesideOutput } from "../progress-line";
import { interruptSignal } from "../run";
import { broker, group, schemas } from "../shared-options";

const options = {
  limit: count("-n, --limit <n>", "stop after this many alerts, waiting for them"),
  nth: count("--nth <n>", "only every nth alert", 1),
  every: renamed("--every <n>", "--nth", "seconds from visit to visit"),
  follow: flag("--follow", "continue when the end is reached, until interrupted"),
  wait: number(
    "--wait <seconds>",
    "how long to wait for the first alert (default 10 s; with --limit also for each next one, default 60 s)",
  ),
  ...under("Where to start", {
    from: text("--from <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00 (default: earliest)"),
    last: count("--last <n>", "instead: at the newest <n> messages of the topic"),
    offset: offset("-o, --offset <n>", "instead: at this offset of each partition; -10 is ten before its end"),
    partition: index("-p, --partition <n>", "read only this partition"),
    group,
  }),
  ...under("Output", {
    key: flag("--key", "print the Kafka key of each message as well"),
    fields: text("-f, --fields <names>", "print these fields, separated by commas, as a table"),
    json: flag("--json", "print JSON: one object per line"),
    csv: flag("--csv", "print CSV with a header line"),
    parquet: text("--parquet <file>", "write the alerts to a Parquet file instead of printing them"),
    save: folder("--save <folder>", "save each printed alert there, as an Avro container <alertId>.avro"),
    stamps: folder("--stamps <folder>", "save the three cutouts of each printed alert there, as FITS"),
  }),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("print <topic>", {
  summary: "print the alerts of a topic: a line each, chosen fields, JSON, CSV; or save them",
  section: "Alerts in Kafka",
  options,
  notes: "Fields are those of alerts read; alerts read --help lists them.",
  examples: [
    "alerts print ztf-stream --limit 5",
    "alerts print ztf-stream --partition 0 --offset -10 --key",
    "alerts print ztf-stream --fields objectId,mag,packet.candidate.rb --csv > night.csv",
    "alerts print ztf-stream --nth 100 --json --follow | jq .mag",
    "alerts print ztf-stream --last 100 --parquet night.parquet",
  ],
  run: print,
});

/** Failures that are said in full; a topic may hold millions. */
const said = 20;

async function print(topic: string, options: Given): Promise<number> {
  expectOneOf(["json", "csv", "parquet"], options);
  expectOneOf(["from", "last", "offset"], options);
  const { nth, limit, wait: waitSeconds, follow } = options;
  const signal = interruptSignal();
  const stream = await subscribe(topic, {
    from: options.offset === undefined ? options.from : { offset: options.offset },
    last: options.last,
    partition: options.partition,
    until: follow ? "forever" : limit === undefined ? "caught-up" : "idle",
    waitSeconds,
    idleSeconds: waitSeconds ?? 60,
    group: options.group,
    schema: options.schema,
    registry: options.registry,
    signal,
    progress: false,
  });
  let seen = 0;
  const progress = options.parquet === undefined ? progressBesideOutput() : new ProgressLine();
  const chosen = stream.filter(() => {
    progress?.update(() => `${topic}: ${seen} alerts read`);
    return seen++ % nth === 0;
  });
  // the stream itself ends after this many: leaving the loop would leave a group before the last one
  const alerts = limit === undefined ? chosen : chosen.take(limit);
  const printed = options.parquet === undefined ? await printAll(alerts, options) : await writeAll(alerts, options);
  const { failed, failures } = stream.ledger;
  for (const { where, error } of failures.slice(0, said)) say(`${where}: ${messageOf(error)}`);
  if (failed > said) say(`and ${failed - said} more`);
  say(`read ${seen}, printed ${printed}, failed ${failed}`);
  return failed > 0 ? 1 : 0;
}

function expectOneOf(names: readonly (keyof Given)[], options: Given): void {
  const given = names.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (given.length > 1) throw refuse(`one of ${names.map((name) => `--${name}`).join(", ")}`, given.join(" and "));
}

async function printAll(alerts: AlertStream<Alert>, options: Given): Promise<number> {
  const output = new Output();
  const fields = options.fields === undefined ? undefined : parseFields(options.fields);
  const format = options.json ? "json" : options.csv ? "csv" : "lines";
  const printer = alertPrinter({ fields, format, withKey: options.key === true }, output);
  let printed = 0;
  for await (const alert of alerts) {
    try {
      await printer.add(alert);
    } catch (error) {
      if (isBootcampError(error, "NO_FIELD") || isBootcampError(error, "USAGE")) throw error;
      alerts.ledger.failSelected(describeItem(alert), error);
      continue;
    }
    if (output.isClosed) break;
    await save(alert, options);
    printed++;
  }
  for (const remark of await printer.end()) say(`${remark}: left empty`);
  return printed;
}

async function writeAll(alerts: AlertStream<Alert>, options: Given): Promise<number> {
  const names = options.fields === undefined ? listingFields : parseFields(options.fields);
  const columns = names.map((name) => [name.split(".").at(-1)!, name] as const);
  const fields = { ...(options.key && { key: keyOf }), ...Object.fromEntries(columns) };
  const saving = alerts.map(async (alert) => {
    await save(alert, options);
    return alert;
  });
  // loaded here: DuckDB is for this alone
  const explore = require("../../explore") as typeof import("../../explore");
  const { rows, path } = await explore.toParquet(saving, options.parquet!, fields);
  say(`${rows} rows in ${path}`);
  return rows;
}

async function save(alert: Alert, options: Given): Promise<void> {
  if (options.save !== undefined) await saveAlert(alert, options.save);
  if (options.stamps === undefined) return;
  for (const file of await saveStamps(alert, options.stamps)) say(`saved ${file}`);
}
