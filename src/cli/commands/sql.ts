import { existsSync } from "node:fs";
import { extname } from "node:path";
import { parseFields } from "../../alert/fields";
import { refuse, usageError } from "../../errors";
import * as explore from "../../explore";
import { readAlerts } from "../../files/read-alerts";
import { subscribe } from "../../kafka/read/subscribe";
import * as match from "../../match";
import { say } from "../../terminal";
import { command } from "../command";
import { FailureLines } from "../failures";
import { flag, number, text, type Values } from "../option";
import { Output } from "../output";
import { interruptSignal, table } from "../run";
import { broker, schemas } from "../shared-options";

const options = {
  fields: text("-f, --fields <names>", "columns of the alerts, separated by commas (default: the common view)"),
  json: flag("--json", "print JSON: one object per line; 64-bit integers as strings"),
  parquet: text("--parquet <file>", "write the rows to this file instead"),
  wait: number("--wait <seconds>", "how long to wait for the first alert of a topic"),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("sql <query> <sources...>", {
  summary: "query alerts in files or a topic with SQL (DuckDB); their history is a list of records",
  section: "Alerts in files",
  arguments: {
    query: "one or more statements; the rows of the last one are printed",
    sources: "files, folders, tables or a topic; NAME=SOURCE if there are several",
  },
  options,
  notes: `A source is a file, folder or archive of alerts, a table (.parquet, .csv, .ecsv, .fits, .xml), or else a topic. A single source
is the table "alerts"; several have names: alerts=data/20181129 stars=stars.csv. The query can touch nothing else.

Exit code 1 when something could not be read (named on stderr, the rest are counted), 2 for wrong usage and a query that fails.`,
  examples: [
    'alerts sql "select band, count(*) n, min(mag) from alerts group by band" data/20181129',
    'alerts sql "select objectId, unnest(history, recursive := true) from alerts" ztf-stream --fields objectId,history --json',
    'alerts sql "select a.objectId, s.name from a join s on abs(a.dec - s.dec) < 0.001" a=night.tar.gz s=stars.csv',
  ],
  run: ask,
});

/** Endings of tables that hold no alerts. */
const catalogs = [".csv", ".tsv", ".ecsv", ".fits", ".fit", ".xml", ".vot"];

async function ask(query: string, sources: string[], options: Given): Promise<number> {
  if (options.json && options.parquet !== undefined) throw refuse("one of --json and --parquet", "both");
  const named = sources.map((source) => /^([A-Za-z_]\w*)=(.+)$/.exec(source)?.slice(1) ?? ["", source]);
  if (sources.length > 1 && named.some(([name]) => name === ""))
    throw usageError("names for several sources, as a=night.avro b=stars.csv", sources.join(" "));
  const failures = new FailureLines();
  const tables: Record<string, explore.Rows> = {};
  const fields: Record<string, explore.Fields> = {};
  for (const [name = "", source = ""] of named) {
    const as = name || "alerts";
    if (as in tables) throw refuse("tables of different names", `"${as}" twice`);
    const { rows, isAlerts } = await open(source, options, failures);
    tables[as] = rows;
    if (isAlerts && options.fields !== undefined) fields[as] = parseFields(options.fields);
  }
  const rows = await explore.sql(tables, query, { fields });
  if (options.parquet !== undefined) {
    const written = await explore.toParquet(rows, options.parquet);
    say(`${written.rows} rows in ${written.path}`);
  } else {
    const output = new Output();
    if (!options.json) await output.line(rows.length > 0 ? table(rows) : "(no rows)");
    else for (const row of rows) await output.line(explore.toJson(row));
  }
  failures.end();
  if (failures.count > 0) say(`failed ${failures.count}`);
  return failures.count > 0 ? 1 : 0;
}

async function open(
  source: string,
  options: Given,
  failures: FailureLines,
): Promise<{ rows: explore.Rows; isAlerts: boolean }> {
  const ending = extname(source.replace(/\.gz$/i, "")).toLowerCase();
  if (ending === ".parquet") return { rows: await explore.readParquet(source), isAlerts: false };
  if (catalogs.includes(ending) && existsSync(source))
    return { rows: (await match.loadCatalog(source)).rows, isAlerts: false };
  const reading = {
    schema: options.schema,
    registry: options.registry,
    signal: interruptSignal(),
    onFailure: ({ error }: { error: unknown }) => failures.add(error),
  };
  // what looks like a path is one, so that a misspelt file is not asked of a broker
  const isPath = existsSync(source) || /[/\\]|\.(avro|gz|tgz|tar|zip)$/i.test(source);
  if (isPath) return { rows: readAlerts([source], reading), isAlerts: true };
  return { rows: await subscribe(source, { ...reading, waitSeconds: options.wait }), isAlerts: true };
}
