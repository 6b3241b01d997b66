import { listingFields } from "../../alert/common-view";
import { parseFields } from "../../alert/fields";
import { isBootcampError, messageOf, usageError } from "../../errors";
import { readAlerts } from "../../files/read-alerts";
import { standardInput } from "../../files/standard-input";
import { describeItem } from "../../stream/alert-stream";
import { say } from "../../terminal";
import { command } from "../command";
import { FailureLines } from "../failures";
import { Listing, type ListingFormat } from "../listing";
import { flag, number, text, type Values } from "../option";
import { Output } from "../output";
import { progressBesideOutput } from "../progress-line";
import { interruptSignal } from "../run";
import { schemas, setAside } from "../shared-options";

const options = {
  fields: text("-f, --fields <names>", "fields, separated by commas"),
  json: flag(
    "--json",
    "print JSON: one object per line; 64-bit integers as strings, NaN as null, bytes as their length",
  ),
  csv: flag(
    "--csv",
    "print CSV with a header line; text that a spreadsheet would run (= + - @) gets an apostrophe before it",
  ),
  limit: number("-n, --limit <n>", "stop after this many alerts"),
  bytes: flag("--bytes", "print bytes (stamps) as base64 instead of their length"),
  setAside,
  ...schemas,
};
type Given = Values<typeof options>;

export default command("read <paths...>", {
  summary: "print alerts from files, folders and archives as a table, JSON lines or CSV",
  section: "Alerts in files",
  arguments: { paths: "files, folders or archives; their content decides what each is; - for standard input" },
  options,
  notes: `Fields are names of the common view (${listingFields.join(", ")}, snr, fluxNJy, field, visitId, …)
or paths into the survey's own packet: packet.candidate.rb, history.0.mag, history.length.

Exit code 1 when something could not be read (the first twenty are named on stderr, the rest are counted), 2 for wrong usage.`,
  examples: [
    "alerts read data/20181129 --limit 10",
    "alerts read night.tar.gz --fields objectId,mag,packet.candidate.rb --csv > night.csv",
    "alerts read alert.avro --json --fields packet | jq .",
    "curl -s https://example.org/night.tar.gz | alerts read - --limit 3",
  ],
  run: read,
});

async function read(paths: string[], options: Given): Promise<number> {
  if (options.json && options.csv) throw usageError("one of --json and --csv", "both");
  const format: ListingFormat = options.json ? "json" : options.csv ? "csv" : "table";
  const fields = options.fields === undefined ? listingFields : parseFields(options.fields);
  const output = new Output();
  const listing = new Listing(fields, format, output, options);
  let alerts = 0;
  const failures = new FailureLines();
  const progress = progressBesideOutput();
  let isStopped = false;
  const stream = readAlerts(
    paths.map((path) => (path === "-" ? standardInput : path)),
    {
      limit: options.limit,
      schema: options.schema,
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
        progress?.update(() => `${alerts} alerts read, ${failures.count} failed`);
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
