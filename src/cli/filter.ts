import type { Command } from "commander";
import { usageError } from "../errors";
import * as kafka from "../kafka";
import { readyCut, readyCuts } from "../select/ready/registry";
import { printText, say } from "../terminal";
import { loadFilterFiles } from "./filter-file";
import { Funnels } from "./filter-funnel";
import { json } from "./json";
import { action, interruptSignal, number, table } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";
import { asUsage } from "./wrong-usage";

/** One `--filter`, with the `--name` and the `--out` that followed it. */
interface Chosen {
  readonly filter: string;
  name?: string;
  out?: string;
}

/** The options that belong together by their order. */
interface Given {
  readonly option: "filter" | "name" | "out";
  readonly value: string;
}

interface Options {
  list?: boolean;
  cap: string | false;
  group?: string;
  dryRun?: boolean;
  until: "caught-up" | "idle" | "forever";
  idle: string;
  limit?: string;
  slow?: string;
  resume?: string;
  schema?: string;
  registry?: string;
  json?: boolean;
}

/** Rows of the ledger by partition that are still read by a person. */
const longestTable = 60;

/** `alerts filter TOPIC` */
export function register(program: Command): void {
  const given: Given[] = [];
  const note = (option: Given["option"]) => (value: string) => void given.push({ option, value });
  program
    .command("filter [topic]")
    .description("one or many filters over a topic, each to its own topic, exactly once")
    .option(
      "-f, --filter <name|file>",
      "a ready-made filter, or a .ts or .js file with one; repeatable",
      note("filter"),
    )
    .option(
      "--name <name>",
      "name of the --filter before it, which keeps its progress (default: the file's)",
      note("name"),
    )
    .option("--out <topic>", "topic of the --filter before it (default: input, dot, name)", note("out"))
    .option("--list", "show the ready-made filters")
    .option("--cap <n>", "at most so many alerts of a visit pass each filter", "20")
    .option("--no-cap", "let all pass")
    .option(
      "-g, --group <name>",
      "consumer group; processes of one group share the work (default: filter- and the topic)",
    )
    .option("--dry-run", "decide and print what each cut leaves; send nothing")
    .option("--until <end>", "caught-up, idle (nothing new for --idle seconds) or forever", "caught-up")
    .option("--idle <seconds>", "see --until", "10")
    .option("-n, --limit <n>", "stop after so many messages")
    .option(
      "--slow <ms>",
      "name a filter that takes longer per alert; leave it behind when the others wait for it (default: 20)",
    )
    .option(
      "--resume <filter>",
      "let a filter that was left behind go on alone, with otherwise the same command, while the job does not run",
    )
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .option("--json", "print the report as JSON")
    .action(action((topic: string | undefined, options: Options) => filter(topic, options, chosenOf(given))));
}

function chosenOf(given: readonly Given[]): Chosen[] {
  const chosen: Chosen[] = [];
  for (const { option, value } of given) {
    if (option === "filter") {
      chosen.push({ filter: value });
      continue;
    }
    const last = chosen.at(-1);
    if (!last) throw usageError(`--filter before --${option}`, value, `--filter bright.ts --${option} ${value}`);
    if (last[option] !== undefined) throw usageError(`one --${option} for --filter ${last.filter}`, value);
    last[option] = value;
  }
  return chosen;
}

async function filter(topic: string | undefined, options: Options, chosen: readonly Chosen[]): Promise<number> {
  if (options.list) return list(options.json === true);
  if (topic === undefined)
    throw usageError("the name of a topic", topic, "npx alerts filter ztf-stream --filter template");
  if (chosen.length === 0) {
    throw usageError(
      "--filter NAME or --filter FILE.ts",
      undefined,
      "see the ready-made ones: npx alerts filter --list",
    );
  }
  const filters = resolveFilters(chosen);
  const settings = {
    filters,
    group: options.group,
    capPerVisit: options.cap === false ? Number.POSITIVE_INFINITY : number("--cap", options.cap),
    until: options.until,
    idleSeconds: number("--idle", options.idle),
    limit: number("--limit", options.limit),
    slowMs: number("--slow", options.slow),
    schema: readSchemaFile(options.schema),
    registry: options.registry,
    signal: interruptSignal(),
  };
  const { dryRun = false, resume } = options;
  const funnels = dryRun && !options.json ? new Funnels(filters, settings.capPerVisit) : undefined;
  const onDecided = funnels && ((...decided: Parameters<Funnels["add"]>) => funnels.add(...decided));
  const report = await asUsage(["TOPIC_ABSENT"], () =>
    kafka.runFilters(topic, { ...settings, dryRun, resume, onDecided }),
  );
  if (options.json) printText(json(report));
  else {
    funnels?.print();
    print(report, dryRun);
  }
  return report.balanced ? 0 : 1;
}

/** The filters in the order in which they were named; all files are checked together. */
function resolveFilters(chosen: readonly Chosen[]): kafka.AlertFilter[] {
  const isFile = ({ filter }: Chosen) => !Object.hasOwn(readyCuts, filter) && /[/\\]|\.[cm]?[jt]s$/.test(filter);
  const loaded = loadFilterFiles(chosen.filter(isFile).map(({ filter, name }) => ({ path: filter, name })));
  return chosen.flatMap((one) => {
    const { filter, name = filter, out } = one;
    // a name that is no ready-made cut's is refused with those that are
    const found = isFile(one) ? loaded.shift()! : [{ name, accepts: readyCut(filter) }];
    if (out === undefined) return found;
    if (found.length > 1) throw usageError(`one filter in ${filter}, to send to --out`, found.length);
    return [{ ...found[0]!, outTopic: out }];
  });
}

function list(asJson: boolean): number {
  const rows = Object.entries(readyCuts).map(([name, cut]) => ({ name, cuts: steps(cut), source: cut.source }));
  if (asJson) for (const row of rows) printText(json(row));
  else
    for (const { name, cuts, source } of rows)
      printText(`${name}\n  ${cuts.join("\n  ")}${source ? `\n  source: ${source}` : ""}`);
  return 0;
}

interface Step {
  label: string;
  threshold: string;
  parts: readonly Step[];
}

/** A cut and its parts, one line each, indented by depth. */
function steps(cut: Step, depth = 0): string[] {
  const own =
    depth === 0 && cut.parts.length > 0 ? [] : [`${"  ".repeat(Math.max(0, depth - 1))}${cut.label}  ${cut.threshold}`];
  return [...own, ...cut.parts.flatMap((part) => steps(part, depth + 1))];
}

function print(report: kafka.FilterReport, isDry: boolean): void {
  const { filters, partitions, read, undecodable, seconds } = report;
  const counts = (row: kafka.FilterReport["partitions"][number] | kafka.FilterReport["filters"][number]) => {
    const { selected, rejected, capped, dead, pending } = row;
    return { read: row.read, selected, rejected, capped, dead, pending };
  };
  const byFilter = filters.map((row) => ({
    filter: row.filter,
    topic: row.topic,
    ...counts(row),
    "ms/alert": row.msPerAlert.toFixed(3),
    remark: row.leftBehind ? "left behind" : row.isSlow ? "slow" : "",
  }));
  printText(table(byFilter));
  const shown = partitions.length <= longestTable ? partitions : partitions.filter(({ pending }) => pending !== 0);
  if (shown.length > 0) {
    printText(`\n${table(shown.map((row) => ({ partition: row.partition, filter: row.filter, ...counts(row) })))}`);
  }
  if (shown.length < partitions.length) {
    say(`${partitions.length - shown.length} rows by partition balance and are not shown; --json has them`);
  }
  if (read === 0 && !isDry && report.reachedEnd) {
    say(
      `group ${report.group} has read all there is; to begin again, with what it selected before still there:\n` +
        `  npx alerts groups reset ${report.group} ${report.topic} --to earliest`,
    );
  }
  const rate = seconds > 0 ? `, ${Math.round(read / seconds)}/s` : "";
  const how = report.interrupted ? "interrupted after " : isDry ? "dry run, nothing sent: " : "";
  say(`${how}${read} alerts in ${seconds.toFixed(1)} s${rate}`);
  if (undecodable > 0 && !isDry) {
    say(`${undecodable} could not be decoded: npx alerts dead list ${report.topic}`);
  }
  say(verdict(report, isDry));
}

function verdict({ balanced, filters }: kafka.FilterReport, isDry: boolean): string {
  if (balanced) return "the books balance: read = selected + rejected + capped + dead";
  const left = filters.filter(({ leftBehind }) => leftBehind !== null);
  if (isDry || left.length < filters.filter(({ pending }) => pending !== 0).length) {
    return "THE BOOKS DO NOT BALANCE: some alerts are pending; run the same command again";
  }
  return left
    .map(({ filter, pending, leftBehind }) => {
      const why = `${pending} alerts are pending for "${filter}", which is left behind (${leftBehind})`;
      return `${why}\n  → let it go on alone, from where it is: the same command with --resume ${filter}`;
    })
    .join("\n");
}
