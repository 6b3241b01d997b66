import type { Command } from "commander";
import { listingFields } from "../alert/common-view";
import { parseFields } from "../alert/fields";
import { isBootcampError, messageOf, usageError } from "../errors";
import { readAlerts } from "../files/read-alerts";
import { describeItem } from "../stream/alert-stream";
import { say } from "../terminal";
import { FailureLines } from "./failures";
import { Listing, type ListingFormat } from "./listing";
import { Output } from "./output";
import { action, interruptSignal, number } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";

interface Options {
  fields?: string;
  json?: boolean;
  csv?: boolean;
  limit?: string;
  bytes?: boolean;
  schema?: string;
  registry?: string;
  setAside?: string;
}

const help = `
Fields are names of the common view (${listingFields.join(", ")}, snr, fluxNJy, field, visitId, …)
or ways into the survey's own packet: packet.candidate.rb, history.0.mag, history.length.

Examples:
  alerts read data/20181129 --limit 10
  alerts read night.tar.gz --fields objectId,mag,packet.candidate.rb --csv > night.csv
  alerts read alert.avro --json --fields packet | jq .
  curl -s https://example.org/night.tar.gz | alerts read - --limit 3

Exit code 1 when something could not be read (the first twenty are named on stderr, the rest is counted), 2 for wrong usage.`;

/** Linux and macOS have it as a file. */
const standardInput = "/dev/stdin";

export function register(program: Command): void {
  program
    .command("read")
    .description("alerts from files, folders and archives as a table, JSON lines or CSV")
    .argument("<paths...>", "files, folders, tarballs; content decides what each is; - for standard input")
    .option("-f, --fields <names>", "fields with commas between them")
    .option("--json", "one JSON object per line; 64-bit integers as strings, NaN as null, bytes as their length")
    .option("--csv", "CSV with a header line; text that a spreadsheet would run (= + - @) gets an apostrophe before it")
    .option("-n, --limit <count>", "stop after so many alerts")
    .option("--bytes", "bytes (stamps) as base64 instead of their length")
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .option("--set-aside <folder>", "copy what cannot be read there, with the reasons; the originals stay")
    .addHelpText("after", help)
    .action(action(read));
}

async function read(paths: string[], options: Options): Promise<number> {
  if (options.json && options.csv) throw usageError("one of --json and --csv", "both");
  const format: ListingFormat = options.json ? "json" : options.csv ? "csv" : "table";
  const fields = options.fields === undefined ? listingFields : parseFields(options.fields);
  const output = new Output();
  const listing = new Listing(fields, format, output, options);
  let alerts = 0;
  const failures = new FailureLines();
  let isStopped = false;
  const stream = readAlerts(
    paths.map((path) => (path === "-" ? standardInput : path)),
    {
      limit: number("--limit", options.limit),
      schema: readSchemaFile(options.schema),
      registry: options.registry,
      setAside: options.setAside,
      signal: interruptSignal(),
      onFailure: ({ error }) => failures.add(error),
    },
  );
  try {
    for await (const alert of stream) {
      try {
        await listing.add(alert);
        alerts++;
      } catch (error) {
        if (isBootcampError(error, "NO_FIELD") || isBootcampError(error, "USAGE")) throw error;
        failures.add(error, describeItem(alert));
      }
      if (output.isClosed) break;
    }
  } catch (error) {
    if (!isBootcampError(error, "ABORTED")) throw error;
    say(`alerts: ${messageOf(error)}`);
    isStopped = true;
  }
  for (const remark of await listing.end()) say(`${remark}: left empty`);
  failures.end();
  const failed = failures.count;
  const aside = failed > 0 && options.setAside !== undefined ? `, set aside in ${options.setAside}` : "";
  say(`read ${alerts}, failed ${failed}${aside}`);
  return failed > 0 || isStopped ? 1 : 0;
}
