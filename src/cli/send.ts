import { type Command, Option } from "commander";
import { usageError } from "../errors";
import * as files from "../files";
import * as kafka from "../kafka";
import { checkPublish, publish } from "../kafka/publish/publish";
import { printText, say } from "../terminal";
import { sayingWhatIsHeld } from "./held-already";
import { json } from "./json";
import { expectOneAlert } from "./one-alert";
import { action, interruptSignal, number } from "./run";
import { readSchemaFile, schemaHelp } from "./schema-file";
import { sendConf } from "./send-conf";
import { simulatedNight } from "./simulated-night";
import { asUsage } from "./wrong-usage";

interface SendOptions {
  topic: string;
  every?: string;
  speed?: string;
  fast?: boolean;
  align?: boolean;
  maxPerVisit?: string;
  form: "container" | "confluent" | "bare";
  compression: kafka.Compression;
  partitions?: string;
  fresh?: boolean;
  loop?: boolean;
  conf?: string;
  simulate?: string;
  seed: string;
  alerts?: string;
  visits?: string;
  stamps: string;
  source?: string;
  schema?: string;
  setAside?: string;
  json?: boolean;
}

/** `alerts send PATH…` */
export function register(program: Command): void {
  program
    .command("send [paths...]")
    .description("publish alert files to a topic, visit by visit")
    .option("-t, --topic <name>", "topic to publish to", "ztf-stream")
    .option("-e, --every <seconds>", "seconds from visit to visit (default: 1)")
    .option("--speed <factor>", "instead: the true gaps between exposures, so many times faster")
    .option("--fast", "instead: as fast as possible")
    .option("--align", "start on a whole multiple of the interval since 1970 UTC")
    .option("--max-per-visit <n>", "at most so many alerts of a visit")
    .option(
      "--form <form>",
      "container (with schema, as ZTF sends), confluent (schema id, as Rubin sends) or bare",
      "container",
    )
    .option("--compression <codec>", "none, gzip, snappy, lz4 or zstd", "none")
    .option("--simulate <survey>", "instead of files: the simulated night of ztf or lsst, made as it is sent")
    .option("--seed <n>", "of the simulated sky", "7")
    .option("--night <n>", "of the simulated sky, 1 to 100", "1")
    .option("--alerts <n>", "of the simulated night (default: 500; lsst: 10000 a visit)")
    .option("--visits <n>", "of the simulated night (default: 50; lsst: 4)")
    .option("--stamps <which>", "of a simulated LSST night: all, some or none", "some")
    .option("--partitions <n>", "partitions of a topic that has to be created (default: 4)")
    .option("--fresh", "empty the topic first")
    .option("--loop", "begin again after the last visit, until interrupted")
    .option(
      "--source <name>",
      "name of the data set, sent as header bootcamp-source; lessons look their answers up by it",
    )
    .option("--schema <file>", schemaHelp)
    .option("--set-aside <folder>", "copy what cannot be read there, with the reasons; the originals stay")
    .option("--conf <file>", "do what a conf file of fink_simulator asks for; the other options do not apply")
    .addOption(new Option("--kept-in <file>").hideHelp()) // tells a sender in the background from others of the same topic
    .option("--json", "print one JSON line per visit, and one of all")
    .action(action(send));
}

async function send(paths: string[], options: SendOptions): Promise<number> {
  if (options.conf !== undefined) return sendConf(options.conf, paths, interruptSignal());
  const night = options.simulate === undefined ? undefined : simulatedNight(options.simulate, options);
  if (night && paths.length > 0) throw usageError("--simulate or files, not both", paths[0]);
  if (!night && paths.length === 0) throw usageError("files or folders to send, --simulate or --conf FILE", undefined);
  if (!["container", "confluent", "bare"].includes(options.form)) {
    throw usageError("--form container, confluent or bare", options.form);
  }
  const signal = interruptSignal();
  const settings = {
    topic: options.topic,
    form: options.form,
    compression: options.compression,
    secondsPerVisit: number("--every", options.every),
    speed: number("--speed", options.speed),
    fast: options.fast === true,
    align: options.align === true,
    maxPerVisit: number("--max-per-visit", options.maxPerVisit),
    partitions: number("--partitions", options.partitions),
    headers: options.source === undefined ? undefined : { "bootcamp-source": options.source },
    signal,
    onVisit: options.json ? printJson : printLine,
  };
  const reading = { schema: readSchemaFile(options.schema), setAside: options.setAside, signal };
  await checkPublish({ ...settings, fresh: options.fresh });
  if (options.fresh && !night) await expectOneAlert(paths, reading);
  if (options.fresh) await kafka.resetTopic(options.topic, { partitions: settings.partitions });
  say(`publishing to ${options.topic} at ${kafka.bootstrapServers()}`);
  const total = { rounds: 0, visits: 0, alerts: 0, capped: 0, seconds: 0, failed: 0 };
  do {
    const visits = night ?? files.readVisits(paths, reading);
    const source = total.rounds === 0 && !options.fresh ? sayingWhatIsHeld(visits, options.topic, signal) : visits;
    const report = await asUsage(["NO_ALERTS"], () => publish(source, settings));
    total.rounds++;
    total.failed += "ledger" in visits ? visits.ledger.failed : 0;
    for (const name of ["visits", "alerts", "capped", "seconds"] as const) total[name] += report[name];
    say(roundLine(report));
  } while (options.loop && !signal.aborted);
  const { rounds, failed } = total;
  if (rounds > 1) say(`in ${rounds} rounds: ${counts(total)}`);
  const aside = failed > 0 && options.setAside ? `, set aside in ${options.setAside}` : "";
  say(`read ${total.alerts + total.capped}, failed ${failed}${aside}`);
  if (options.json) printText(json({ ...total, interrupted: signal.aborted }));
  return failed > 0 ? 1 : 0;
}

const counts = ({ alerts, visits, seconds }: Pick<kafka.PublishReport, "alerts" | "visits" | "seconds">): string =>
  `${alerts} alerts acknowledged in ${visits} visits, ${seconds.toFixed(1)} s`;

function roundLine(report: kafka.PublishReport): string {
  const late = report.overruns
    ? `, ${report.overruns} visits late (at most ${report.maxLateSeconds.toFixed(2)} s)`
    : "";
  const capped = report.capped ? `, ${report.capped} left out by --max-per-visit` : "";
  return `${report.interrupted ? "interrupted: " : ""}${counts(report)}${capped}${late}`;
}

function printLine(visit: kafka.VisitReport): void {
  const late = visit.lateSeconds > 0.01 ? `  ${visit.lateSeconds.toFixed(2)} s late` : "";
  printText(
    `visit ${visit.number}  MJD ${visit.mjdUtc.toFixed(5)}  ${visit.id}  ${visit.alerts} ${visit.alerts === 1 ? "alert" : "alerts"}${late}`,
  );
}

function printJson(visit: kafka.VisitReport): void {
  printText(json(visit));
}
