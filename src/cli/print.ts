import type { Command } from "commander";
import type { Alert } from "../alert/alert";
import { listingFields } from "../alert/common-view";
import { messageOf } from "../errors";
import * as explore from "../explore";
import * as files from "../files";
import { subscribe } from "../kafka/read/subscribe";
import { describeItem } from "../stream/alert-stream";
import { say } from "../terminal";
import { Output } from "./output";
import { action, count, interruptSignal, number, renamed } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";

interface PrintOptions {
  nth: string;
  stamps?: string;
  from?: string;
  last?: string;
  follow?: boolean;
  limit?: string;
  wait?: string;
  group?: string;
  schema?: string;
  registry?: string;
  json?: boolean;
}

/** `alerts print TOPIC` */
export function register(program: Command): void {
  program
    .command("print <topic>")
    .description("print the alerts of a topic, one line each")
    .option("--nth <n>", "only every nth alert", "1")
    .addOption(renamed("--every <n>", "--nth", "seconds from visit to visit"))
    .option("--stamps <folder>", "save the three cutouts of each printed alert as FITS")
    .option("--from <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00 (earliest)")
    .option("--last <n>", "instead: the newest so many messages")
    .option("--follow", "go on when the end is reached, until interrupted")
    .option("-n, --limit <n>", "stop after so many alerts, waiting for them")
    .option("--wait <seconds>", "how long to wait for the first alert (10), and with --limit for the next (60)")
    .option("-g, --group <name>", "read as this consumer group, from where it stopped last")
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .option("--json", "one JSON object per line")
    .action(action(print));
}

async function print(topic: string, options: PrintOptions): Promise<number> {
  const every = count("--nth", options.nth) ?? 1;
  const limit = count("--limit", options.limit);
  const waitSeconds = number("--wait", options.wait);
  const signal = interruptSignal();
  const stream = await subscribe(topic, {
    from: options.from,
    last: count("--last", options.last),
    until: options.follow ? "forever" : limit === undefined ? "caught-up" : "idle",
    waitSeconds,
    idleSeconds: waitSeconds ?? 60,
    group: options.group,
    schema: readSchemaFile(options.schema),
    registry: options.registry,
    signal,
    progress: false,
  });
  const output = new Output();
  let seen = 0;
  let printed = 0;
  const chosen = stream.filter(() => seen++ % every === 0);
  // the stream itself ends after so many: leaving the loop would leave a group before the last one
  for await (const alert of limit === undefined ? chosen : chosen.take(limit)) {
    let text: string;
    try {
      text = options.json ? explore.toJson(jsonRow(alert)) : line(alert);
    } catch (error) {
      stream.ledger.failSelected(describeItem(alert), error);
      continue;
    }
    await output.line(text);
    if (output.isClosed) break;
    if (options.stamps !== undefined) {
      for (const file of await files.saveStamps(alert, options.stamps)) say(`saved ${file}`);
    }
    printed++;
  }
  const { failed, failures } = stream.ledger;
  for (const { where, error } of failures.slice(0, said)) say(`${where}: ${messageOf(error)}`);
  if (failed > said) say(`and ${failed - said} more`);
  say(`read ${seen}, printed ${printed}, failed ${failed}`);
  return failed > 0 ? 1 : 0;
}

/** Failures that are said in full; a topic may hold millions. */
const said = 20;

function line(alert: Alert): string {
  return `${describeItem(alert)}  ${alert}`;
}

function jsonRow(alert: Alert): Record<string, unknown> {
  const place = alert.origin.kind === "kafka" ? alert.origin : undefined;
  const kafka = place && {
    partition: place.partition,
    offset: Number(place.offset),
    timestampMs: place.timestampMs,
    // with Fink the key is the schema, 25 kB of it
    key: place.key === alert.schema.text ? `schema ${alert.schema.name}` : place.key,
  };
  return {
    ...Object.fromEntries(listingFields.map((name) => [name, alert[name]])),
    bytes: alert.bytes.length,
    ...kafka,
  };
}
