import { usageError } from "../../errors";
import * as kafka from "../../kafka";
import { readyCut, readyCuts } from "../../select/ready/registry";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { loadFilterFiles } from "../filter-file";
import { Funnels } from "../filter-funnel";
import { json } from "../json";
import { choice, flag, number, orOff, placed, text, type Values } from "../option";
import { interruptSignal, table } from "../run";
import { broker, schemas } from "../shared-options";
import { asUsage } from "../wrong-usage";

const options = {
  filter: placed("-f, --filter <name|file>", "a ready-made filter, or a .ts or .js file with one; repeatable"),
  name: placed(
    "--name <name>",
    "name of the --filter before it, under which its progress is kept (default: the file's)",
  ),
  out: placed("--out <topic>", "output topic of the --filter before it (default: <topic>.<name>)"),
  list: flag("--list", "show the ready-made filters, with the source of each"),
  cap: orOff(
    number("--cap <n>", "at most this many alerts of a visit pass each filter", 20),
    "--no-cap",
    "let all of them pass",
  ),
  group: text("-g, --group <name>", "consumer group; processes of one group share the work (default: filter-<topic>)"),
  dryRun: flag("--dry-run", "only print what each cut leaves; send nothing"),
  until: choice(
    "--until <end>",
    "when to end; idle: nothing new for --idle seconds",
    ["caught-up", "idle", "forever"],
    "caught-up",
  ),
  idle: number("--idle <seconds>", "see --until", 10),
  limit: number("-n, --limit <n>", "stop after this many messages"),
  slow: number(
    "--slow <ms>",
    "report a filter that takes longer per alert, and leave it behind when the others wait for it (default: 20)",
  ),
  resume: text(
    "--resume <filter>",
    "let a filter that was left behind catch up alone, with otherwise the same command, while the job does not run",
  ),
  json: flag("--json", "print the report as JSON"),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("filter [topic]", {
  summary: "run one or many filters over a topic, each into a topic of its own, exactly once",
  section: "Alerts in Kafka",
  options,
  examples: ["alerts filter ztf-stream --filter ztf-purity", "alerts filter ztf-stream --filter mine.ts --dry-run"],
  run: filter,
});

/** One `--filter`, with the `--name` and the `--out` that followed it. */
interface Chosen {
  readonly filter: string;
  name?: string;
  out?: string;
}

/** Rows of the ledger by partition that are still read by a person. */
const longestTable = 60;

/** The options that belong together by their order. */
function chosenOf(given: Given): Chosen[] {
  const chosen: Chosen[] = [];
  const inOrder = (["filter", "name", "out"] as const)
    .flatMap((option) => (given[option] ?? []).map((one) => ({ option, ...one })))
    .sort((a, b) => a.place - b.place);
  for (const { option, value } of inOrder) {
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

async function filter(topic: string | undefined, options: Given): Promise<number> {
  const chosen = chosenOf(options);
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
    capPerVisit: options.cap === false ? Number.POSITIVE_INFINITY : options.cap,
    until: options.until,
    idleSeconds: options.idle,
    limit: options.limit,
    slowMs: options.slow,
    schema: options.schema,
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
