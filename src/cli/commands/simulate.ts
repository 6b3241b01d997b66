import { join } from "node:path";
import { BootcampError } from "../../errors";
import * as simulate from "../../simulate";
import { type SimulatedNight, simulateNight } from "../../simulate/night";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { choice, flag, number, text, type Values } from "../option";
import { ProgressLine } from "../progress-line";
import { interruptSignal, table } from "../run";

const options = {
  seed: number("--seed <n>", "seed of the sky", 7),
  night: number("--night <n>", "which night of this sky, 1 to 100; later nights have the same sources", 1),
  nights: number("--nights <n>", "the first <n> nights of the sky, each in a folder of its own"),
  alerts: number("--alerts <n>", "alerts in the whole night (default: 500; lsst: 400)"),
  visits: number("--visits <n>", "exposures of the night (default: 50; lsst: 8)"),
  survey: choice("--survey <name>", "survey whose packets are made", ["ztf", "lsst"], "ztf"),
  stamps: choice("--stamps <which>", "how many LSST packets have cutouts", ["all", "some", "none"], "some"),
  folder: text("--folder <folder>", "write the alerts, truth.csv, catalog.csv and manifest.json there"),
  truth: flag("--truth", "print the truth table as CSV instead of the counts"),
  json: flag("--json", "print the counts as JSON"),
};
type Given = Values<typeof options>;

export default command("simulate", {
  summary: "simulate a night of alerts with known truth; the same seed gives the same bytes",
  section: "Alerts in files",
  options,
  examples: [
    "alerts simulate                            what a night holds",
    "alerts simulate --folder data/simulated    500 files to send, read or open with any Avro tool",
    "alerts simulate --seed 8 --truth           what each alert really is",
    "alerts simulate --nights 30 --folder data/sky    data/sky/night-01 to night-30, with histories that go on",
  ],
  run: makeNight,
});

async function makeNight(flags: Given): Promise<void> {
  const options = {
    seed: flags.seed,
    night: flags.night,
    ...(flags.alerts !== undefined && { alerts: flags.alerts }),
    ...(flags.visits !== undefined && { visits: flags.visits }),
    survey: flags.survey as "ztf",
    stamps: flags.stamps,
  };
  if (flags.truth && flags.json) throw new BootcampError("USAGE", "Expected --truth or --json, got both");
  const { nights } = flags;
  if (nights === undefined) {
    const night = simulateNight(options);
    if (flags.folder !== undefined) await write(night, flags.folder, interruptSignal());
    print(night, flags);
    return;
  }
  if (flags.folder === undefined || flags.truth || flags.json) {
    throw new BootcampError("USAGE", "Expected --nights with --folder, and without --truth and --json", {
      remedy: "each night's folder holds its truth.csv; --night N prints one",
    });
  }
  const signal = interruptSignal();
  for (const night of simulate.nights({ ...options, nights }))
    await write(night, join(flags.folder, `night-${String(night.night).padStart(2, "0")}`), signal);
}

async function write(night: SimulatedNight, folder: string, signal: AbortSignal): Promise<void> {
  const progress = new ProgressLine();
  const written = await night.write(folder, {
    signal,
    onProgress: (done, total) => progress.update(() => `${done} of ${total} alerts in ${folder}`),
  });
  say(`${written.alerts} alerts, truth.csv and catalog.csv in ${written.folder}`);
}

function print(night: SimulatedNight, flags: Given): void {
  if (flags.truth) {
    printText(simulate.truthCsv(night.truth).trimEnd());
    return;
  }
  const rows = night.classes.map((c) => ({
    class: c.class,
    what: c.what,
    real: c.isReal,
    alerts: c.alerts,
    sources: c.sources,
  }));
  if (flags.json) {
    const { seed, night: number, survey, alertCount, visitCount, nightMjd } = night;
    printText(json({ seed, night: number, survey, nightMjd, alerts: alertCount, visits: visitCount, classes: rows }));
    return;
  }
  const shown = rows.filter((row) => row.alerts > 0).map((row) => ({ ...row, real: row.real ? "real" : "artefact" }));
  printText(table(shown));
  const real = rows.filter((row) => row.real).reduce((sum, row) => sum + row.alerts, 0);
  say(
    `sky ${night.seed}, night ${night.night}: ${night.alertCount} alerts in ${night.visitCount} visits, ${real} of them real; catalogue of ${night.catalog.length} rows`,
  );
}
