import { usageError } from "../../errors";
import * as files from "../../files";
import * as kafka from "../../kafka";
import { checkPublish, publish } from "../../kafka/publish/publish";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { sayingWhatIsHeld } from "../held-already";
import { json } from "../json";
import { expectOneAlert } from "../one-alert";
import { choice, flag, hidden, number, text, under, type Values } from "../option";
import { interruptSignal } from "../run";
import { sendConf } from "../send-conf";
import { broker, schemas, setAside } from "../shared-options";
import { simulatedNight } from "../simulated-night";
import { asUsage } from "../wrong-usage";

const options = {
  topic: text("-t, --topic <name>", "topic to publish to", "ztf-stream"),
  every: number("-e, --every <seconds>", "time from visit to visit (default: 1)"),
  speed: number("--speed <factor>", "instead of --every: keep the true gaps between exposures, sped up by this factor"),
  fast: flag("--fast", "instead: as fast as possible"),
  align: flag("--align", "start on a whole multiple of the interval since 1970 UTC"),
  maxPerVisit: number("--max-per-visit <n>", "send at most this many alerts of a visit"),
  form: choice(
    "--form <form>",
    "send each alert with its schema (container, as ZTF does), the schema's id (confluent, as Rubin does) or neither (bare)",
    ["container", "confluent", "bare"],
    "container",
  ),
  compression: choice(
    "--compression <codec>",
    "compression of the record batches",
    ["none", "gzip", "snappy", "lz4", "zstd"],
    "none",
  ),
  partitions: number("--partitions <n>", "partitions of a topic that has to be created (default: 4)"),
  fresh: flag("--fresh", "empty the topic first"),
  loop: flag("--loop", "start again after the last visit, until interrupted"),
  source: text(
    "--source <name>",
    "name of the data set, sent in the header bootcamp-source; lessons look up their answers by it",
  ),
  conf: text("--conf <file>", "do what a conf file of fink_simulator says; the other options do not apply"),
  keptIn: hidden("--kept-in <file>"), // tells a sender in the background from others of the same topic
  json: flag("--json", "print JSON: one line per visit, and one of all"),
  ...under("Simulated night", {
    simulate: text(
      "--simulate <survey>",
      "send the simulated night of ztf or lsst instead of files, made as it is sent",
    ),
    seed: number("--seed <n>", "seed of the sky", 7),
    night: number("--night <n>", "which night of the sky, 1 to 100", 1),
    alerts: number("--alerts <n>", "alerts in the night (default: 500; lsst: 10000 a visit)"),
    visits: number("--visits <n>", "visits in the night (default: 50; lsst: 4)"),
    stamps: choice("--stamps <which>", "how many LSST packets have cutouts", ["all", "some", "none"], "some"),
  }),
  schema: schemas.schema,
  setAside,
  ...broker,
};
type Given = Values<typeof options>;

export default command("send [paths...]", {
  summary: "publish alert files to a topic, visit by visit",
  section: "Alerts in Kafka",
  arguments: { paths: "files, folders or archives of alerts" },
  options,
  examples: [
    "alerts send data/20181129 --every 2",
    "alerts send --simulate lsst --alerts 400 --form confluent --topic mine",
  ],
  run: send,
});

async function send(paths: string[], options: Given): Promise<number> {
  if (options.conf !== undefined) return sendConf(options.conf, paths, interruptSignal());
  const night = options.simulate === undefined ? undefined : simulatedNight(options.simulate, options);
  if (night && paths.length > 0) throw usageError("--simulate or files, not both", paths[0]);
  if (!night && paths.length === 0) throw usageError("files or folders to send, --simulate or --conf FILE", undefined);
  const signal = interruptSignal();
  const settings = {
    topic: options.topic,
    form: options.form,
    compression: options.compression,
    secondsPerVisit: options.every,
    speed: options.speed,
    fast: options.fast === true,
    align: options.align === true,
    maxPerVisit: options.maxPerVisit,
    partitions: options.partitions,
    headers: options.source === undefined ? undefined : { "bootcamp-source": options.source },
    signal,
    onVisit: options.json ? printJson : printLine,
  };
  const reading = { schema: options.schema, setAside: options.setAside, signal };
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
    ? `, ${report.overruns} ${report.overruns === 1 ? "visit" : "visits"} late (at most ${report.maxLateSeconds.toFixed(2)} s)`
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
