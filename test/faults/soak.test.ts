import { ConfigResourceTypes, Kafka, logLevel } from "kafkajs";
import { describe, expect, inject, it } from "vitest";
import { describeGroup } from "../../src/kafka/admin/groups";
import { createTopic } from "../../src/kafka/admin/topics";
import { type PublishReport, publish, type VisitReport } from "../../src/kafka/publish/publish";
import { pause } from "../../src/pause";
import { Child } from "./child";
import { caughtUp, finished } from "./group-progress";
import { visitOf } from "./sending";

const bootstrap = inject("bootstrap");
const minutes = Number(process.env["BOOTCAMP_SOAK_MINUTES"] ?? 3);
const [topic, group] = ["soak", "soak-group"];
/** A visit of Rubin's. */
const alertsPerVisit = 10_000;
/** Alerts of 1.5 kB: the disk and the memory of one machine hold what stays of the topic. */
const padding = 500;

/** Filters for ever, and says twice a minute what memory it holds once nothing is left to collect. */
const worker = () =>
  new Child(
    `require("node:v8").setFlagsFromString("--expose-gc");
    const collect = require("node:vm").runInNewContext("gc");
    setInterval(() => {
      collect();
      const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
      say(JSON.stringify({ kept: heapUsed + arrayBuffers, rss }));
    }, 5000);
    const filters = Array.from({ length: 5 }, (_, n) => ({ name: "soak-" + n, accepts: (a) => a.mag < 16 + n }));
    const stopping = new AbortController();
    process.on("SIGTERM", () => stopping.abort());
    // each visit is larger than the cap, which is said; anything else is a fault
    const onWarning = (line) => void (/cap of 20 per visit/.test(line) || console.error(line));
    const job = { bootstrap: "${bootstrap}", group: "${group}", until: "forever", progress: false, onWarning };
    const report = await bootcamp.kafka.runFilters("${topic}", { ...job, filters, signal: stopping.signal });
    say(JSON.stringify(report, (_, value) => (typeof value === "bigint" ? String(value) : value)));
    process.exit(0);`,
  );

/** Old alerts go when a partition has more than 100 MB; 30 minutes would fill the disk. */
async function createSmallTopic(): Promise<void> {
  await createTopic(topic, { bootstrap, partitions: 4 });
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const wanted = { "retention.bytes": "100000000", "segment.bytes": "20000000" };
  const configEntries = Object.entries(wanted).map(([name, value]) => ({ name, value }));
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
}

async function lag(): Promise<bigint> {
  const info = await describeGroup(group, { bootstrap }).catch(() => undefined); // busy, or not there yet
  return (info?.partitions ?? []).reduce((sum, { lag }) => sum + lag, info && info.partitions.length > 0 ? 0n : 1n);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

describe("visits of 10,000 alerts without end", () => {
  it(`neither gather memory nor fall behind in ${minutes} minutes`, { timeout: (minutes + 20) * 60_000 }, async () => {
    await createSmallTopic();
    const { alerts, ...visit } = visitOf(0, alertsPerVisit, padding);
    const night = function* (count: number) {
      for (let n = 0; n < count; n++) yield { ...visit, id: `soak-${n}`, mjdUtc: visit.mjdUtc + n / 86400, alerts };
    };
    const child = worker();
    const warmUp = await publish(night(3), { bootstrap, topic, fast: true });
    await caughtUp(bootstrap, group);
    // what publishing and filtering, on the same processors, take for a visit
    const started = performance.now();
    await publish(night(3), { bootstrap, topic, fast: true });
    await caughtUp(bootstrap, group);
    const secondsPerVisit = Math.ceil(((performance.now() - started) / 3000) * 1.5 * 10) / 10;

    const visits = Math.max(4, Math.round((minutes * 60) / secondsPerVisit));
    const late: number[] = [];
    const onVisit = ({ lateSeconds }: VisitReport) => void late.push(lateSeconds);
    let isOver = false;
    const lags: bigint[] = [];
    const watching = (async () => {
      while (!isOver) {
        lags.push(await lag());
        await pause(200);
      }
    })();
    const sent: PublishReport = await publish(night(visits), { bootstrap, topic, secondsPerVisit, onVisit });
    isOver = true;
    await watching;
    const done = await caughtUp(bootstrap, group);
    const memory = child.lines.map((line) => JSON.parse(line) as { kept: number; rss: number });
    child.kill("SIGTERM");
    expect([await child.end, child.stderr]).toEqual([0, ""]);
    const third = (values: readonly number[], n: number) =>
      values.slice(Math.floor((values.length * n) / 3), Math.floor((values.length * (n + 1)) / 3));
    const [middle, last] = [1, 2].map((n) =>
      third(
        memory.map((sample) => sample.kept),
        n,
      ).reduce((a, b) => Math.min(a, b)),
    );
    const lagsOfLastThird = lags.slice(Math.floor((lags.length * 2) / 3));
    console.log(
      `${visits} visits of ${alertsPerVisit} alerts, one every ${secondsPerVisit} s; late: median ${median(late).toFixed(3)} s, ` +
        `most ${sent.maxLateSeconds.toFixed(3)} s, ${sent.overruns} overruns; worker keeps ${(last! / 1e6).toFixed(1)} MB ` +
        `(${(middle! / 1e6).toFixed(1)} MB before), resident ${(median(memory.map(({ rss }) => rss)) / 1e6).toFixed(0)} MB; ` +
        `lag 0 in ${lags.filter((value) => value === 0n).length} of ${lags.length} looks`,
    );
    const total = warmUp.alerts * 2 + sent.alerts;
    expect(sent).toMatchObject({ visits, alerts: visits * alertsPerVisit });
    expect([done, await finished(bootstrap, group)]).toEqual([BigInt(total), BigInt(total)]);
    expect(JSON.parse(child.lines.at(-1)!)).toMatchObject({ read: total, balanced: true });
    expect(lagsOfLastThird).toContain(0n);
    // a late visit may follow a late one, but lateness does not add up
    expect(median(third(late, 2))).toBeLessThan(secondsPerVisit);
    expect(last! - middle!).toBeLessThan(20e6);
  });
});
