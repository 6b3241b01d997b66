// Writes the tables of docs/benchmarks.md anew: what stands between <!-- NAME --> and <!-- /NAME -->.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { columns } from "./report.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One line: what the figures were measured on. */
export function machine() {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
}

function versions() {
  const names = ["confluent-kafka", "fastavro", "scipy", "astropy"];
  const script = `import sys, importlib.metadata as m; print(sys.version.split()[0], *(m.version(n) for n in sys.argv[1:]))`;
  const python = process.env.BOOTCAMP_PYTHON ?? join(root, ".bootcamp/venv/bin/python");
  const [own, ...found] =
    spawnSync(python, ["-c", script, ...names], { encoding: "utf8" })
      .stdout?.trim()
      .split(" ") ?? [];
  const [, franz] = /franz-go (v\S+)/.exec(readFileSync(join(root, "bench/peers/franz-go/go.mod"), "utf8")) ?? [];
  const { kafkaVersion } = createRequire(import.meta.url)("../dist/engine/paths.js");
  const python3 = own ? `Python ${own} (${names.map((name, n) => `${name} ${found[n]}`).join(", ")})` : "no Python";
  return `Kafka ${kafkaVersion()}, ${python3}, franz-go ${franz}`;
}

/** A bench as a table, with the reason for each goal that was missed. */
function section({ note, lines }, date, runs) {
  const shown = lines.map((line) => ({ ...line, ...columns(line) }));
  const missed = shown.filter(({ isOk, isGoalMet }) => !(isOk && isGoalMet));
  return [
    `${note}; ${date}, medians and spread of ${runs} runs.`,
    "",
    "| | median | spread | floor | goal |",
    "|---|---|---|---|---|",
    ...shown.map((line) => {
      const median = line.isOk ? line.median : `**${line.median}**, below its floor`;
      return `| ${line.what} | ${median} | ${line.spread} | ${line.floor} | ${line.goal} |`;
    }),
    ...(missed.length > 0 ? ["", "Goals missed:", ""] : []),
    ...missed.map(({ what, why }) => `- ${what}: ${why ?? "not looked into"}.`),
  ].join("\n");
}

/**
 * @param results what each benchmark wrote with `--json`, by its name; the parts of others stay as they are
 * @throws when the page has no place for one
 */
export function writePage(folder, results, runs) {
  const path = join(folder, "benchmarks.md");
  let page = readFileSync(path, "utf8");
  const put = (name, text) => {
    const marks = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = marks.map((mark) => page.indexOf(mark));
    if (from < 0 || to < 0) throw new Error(`${path} has no ${marks.join(" … ")}`);
    page = `${page.slice(0, from) + marks[0]}\n${text}\n${page.slice(to)}`;
  };
  put("machine", `${machine()}; ${versions()}.`);
  const date = new Date().toISOString().slice(0, 10);
  for (const [name, result] of Object.entries(results)) put(name, section(result, date, runs));
  writeFileSync(path, page);
}
