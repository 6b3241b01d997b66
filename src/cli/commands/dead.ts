import { alertToJson } from "../../alert/json";
import { BootcampError } from "../../errors";
import * as kafka from "../../kafka";
import { parsePlace } from "../../stream/place";
import { printable, printText } from "../../terminal";
import { command, commands } from "../command";
import { json } from "../json";
import { flag, number, text, type Values } from "../option";
import { Output } from "../output";
import { interruptSignal, table } from "../run";
import { broker } from "../shared-options";

const selected = {
  filter: text("--filter <name>", "only those of this filter"),
  undecodable: flag("--undecodable", "only those that could not be decoded"),
  code: text("--code <code>", "only those with this error code, e.g. AVRO_TRUNCATED"),
  limit: number("-n, --limit <n>", "at most this many"),
};
const listOptions = { ...selected, json: flag("--json", "print JSON: one object per alert"), ...broker };
const showOptions = { json: flag("--json", "print JSON"), ...broker };
const replayOptions = {
  ...selected,
  to: text("--to <topic>", "send them to this topic instead of their own"),
  again: flag("--again", "start from the first, including those replayed before"),
  json: flag("--json", "print the report as JSON"),
  ...broker,
};

export default commands(
  "dead",
  {
    summary: "list, show and replay alerts that could not be decoded or that made a filter fail",
    section: "Alerts in Kafka",
  },
  [
    command("list <topic>", {
      summary: "list the dead letters of an input topic",
      options: listOptions,
      examples: ["alerts dead list ztf-stream", "alerts dead list ztf-stream --code AVRO_TRUNCATED --json"],
      run: list,
    }),
    command("show <places...>", {
      summary: "show what happened to the alerts at these positions of the input",
      arguments: { places: "topic[partition]@offset, as print and list write it" },
      options: showOptions,
      examples: ["alerts dead show 'ztf-stream[0]@1234'", "alerts dead show 'ztf-stream[0]@1234' --json"],
      run: show,
    }),
    command("replay <topic>", {
      summary: "send them back as they were; by default those not replayed yet",
      options: replayOptions,
      examples: ["alerts dead replay ztf-stream", "alerts dead replay ztf-stream --to mended --undecodable"],
      run: replay,
    }),
  ],
);

async function list(topic: string, options: Values<typeof listOptions>): Promise<void> {
  const output = new Output();
  const rows: ReturnType<typeof rowOf>[] = [];
  for await (const letter of kafka.listDead(topic, selection(options))) {
    if (options.json) await output.line(json(rowOf(letter)));
    else rows.push({ ...rowOf(letter), key: shown(letter), reason: printable(letter.reason, 90) });
    if (output.isClosed) break;
  }
  if (options.json) return;
  await output.line(rows.length > 0 ? table(rows) : `no dead letters of ${topic}`);
}

async function show(places: string[], options: Values<typeof showOptions>): Promise<void> {
  const parsed = places.map(parsePlace); // all of them before the first is looked up
  for (const [n, { topic, partition, offset }] of parsed.entries()) {
    for (const letter of await kafka.showDead(topic, partition, offset)) {
      if (options.json) printText(alertToJson({ ...rowOf(letter), bytes: letter.bytes }, { bytes: true }));
      else describe(places[n]!, letter);
    }
  }
}

function describe(place: string, letter: kafka.DeadLetter): void {
  const where = letter.filter === null ? "could not be decoded" : `filter "${letter.filter}" failed on it`;
  printText(`${place}  key ${shown(letter) ?? "none"}  ${letter.bytes.length} bytes: ${where}`);
  printText(`  ${letter.code}: ${printable(letter.reason)}`);
  printText(`  first bytes: ${letter.bytes.subarray(0, 16).toString("hex")}`);
}

async function replay(topic: string, options: Values<typeof replayOptions>): Promise<void> {
  const report = await kafka.replayDead(topic, { ...selection(options), to: options.to, again: options.again });
  if (options.json) printText(json(report));
  else
    printText(`replayed ${report.replayed} to ${options.to ?? topic}: read ${report.read}, left out ${report.skipped}`);
}

function selection(options: Values<typeof selected>) {
  if (options.undecodable && options.filter !== undefined)
    throw new BootcampError("USAGE", "Expected --filter or --undecodable, got both");
  return {
    filter: options.undecodable ? "" : options.filter,
    code: options.code,
    limit: options.limit,
    signal: interruptSignal(),
  };
}

/** With Fink the key is a schema of 25 kB. */
const shown = ({ key }: kafka.DeadLetter): string | null => (key === null ? null : printable(key, 40));

function rowOf({ partition, offset, filter, code, key, bytes, timestampMs, reason }: kafka.DeadLetter) {
  const time = new Date(timestampMs).toISOString().slice(0, 19);
  return {
    partition,
    offset: Number(offset),
    filter: filter ?? "(undecodable)",
    code,
    key,
    bytes: bytes.length,
    time,
    reason,
  };
}
