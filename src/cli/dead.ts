import type { Command } from "commander";
import { BootcampError } from "../errors";
import * as explore from "../explore";
import * as kafka from "../kafka";
import { parsePlace } from "../stream/place";
import { printable, printText } from "../terminal";
import { json } from "./json";
import { Output } from "./output";
import { action, interruptSignal, number, table } from "./run";

interface SelectionOptions {
  filter?: string;
  undecodable?: boolean;
  code?: string;
  limit?: string;
  json?: boolean;
}

/** `alerts dead list|show|replay` */
export function register(program: Command): void {
  const dead = program.command("dead").description("alerts that could not be decoded or made a filter throw");
  const select = (command: Command) =>
    command
      .option("--filter <name>", "only those of this filter")
      .option("--undecodable", "only those that could not be decoded")
      .option("--code <code>", "only those with this error code, e.g. AVRO_TRUNCATED")
      .option("-n, --limit <n>", "at most so many")
      .option("--json", "one JSON object per alert instead of a table; one for a replay");
  select(dead.command("list <topic>").description("dead letters of an input topic")).action(action(list));
  dead
    .command("show <place>")
    .allowExcessArguments(true) // the form of before: topic and partition/offset
    .description(
      "what happened to the alert at this place of the input, as print and list write it: topic[partition]@offset",
    )
    .option("--json", "JSON instead of text")
    .action(action(show));
  select(dead.command("replay <topic>").description("send them back as they were; by default those not replayed yet"))
    .option("--to <topic>", "send them to this topic instead of their own")
    .option("--again", "begin with the first, also those replayed before")
    .action(action(replay));
}

async function list(topic: string, options: SelectionOptions): Promise<void> {
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

async function show(place: string, options: { json?: boolean }): Promise<void> {
  const { topic, partition, offset } = parsePlace(place);
  for (const letter of await kafka.showDead(topic, partition, offset)) {
    if (options.json) {
      printText(explore.toJson({ ...rowOf(letter), bytes: letter.bytes }, { bytes: true }));
      continue;
    }
    const where = letter.filter === null ? "could not be decoded" : `filter "${letter.filter}" failed on it`;
    printText(`${place}  key ${shown(letter) ?? "none"}  ${letter.bytes.length} bytes: ${where}`);
    printText(`  ${letter.code}: ${printable(letter.reason)}`);
    printText(`  first bytes: ${letter.bytes.subarray(0, 16).toString("hex")}`);
  }
}

async function replay(topic: string, options: SelectionOptions & { to?: string; again?: boolean }): Promise<void> {
  const report = await kafka.replayDead(topic, { ...selection(options), to: options.to, again: options.again });
  if (options.json) printText(json(report));
  else
    printText(`replayed ${report.replayed} to ${options.to ?? topic}: read ${report.read}, left out ${report.skipped}`);
}

function selection(options: SelectionOptions) {
  if (options.undecodable && options.filter !== undefined)
    throw new BootcampError("USAGE", "Expected --filter or --undecodable, got both");
  return {
    filter: options.undecodable ? "" : options.filter,
    code: options.code,
    limit: number("--limit", options.limit),
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
