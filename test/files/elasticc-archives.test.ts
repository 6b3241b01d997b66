import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, inject, it } from "vitest";
import { readAlerts } from "../../src/files/read-alerts";
import { readVisits } from "../../src/files/read-visits";
import { subscribe } from "../../src/kafka/read/subscribe";
import { alerts as alertsCommand } from "../helpers/alerts-command";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";
import { scratch, tarOf, tgzOf } from "./make";

const folder = scratch();

/** Alerts in ELAsTiCC's manner, written and gzipped by Python; all have one alertId, as the challenge's test alerts. */
const writer = `
import base64, gzip, io, json, sys, fastavro
source = {"type": "record", "name": "diaSource", "namespace": "elasticc.v0_9", "fields": [
  {"name": n, "type": t} for n, t in [("diaSourceId", "long"), ("diaObjectId", "long"), ("midPointTai", "double"),
  ("filterName", "string"), ("ra", "double"), ("decl", "double"), ("psFlux", "float"), ("psFluxErr", "float"), ("snr", "float")]]}
schema = {"type": "record", "name": "alert", "namespace": "elasticc.v0_9", "fields": [
  {"name": "alertId", "type": "long"}, {"name": "diaSource", "type": source}]}
out = []
for n in range(int(sys.argv[1])):
    f = io.BytesIO()
    fastavro.writer(f, schema, [{"alertId": 1231321321, "diaSource": {"diaSourceId": 2260000 + n, "diaObjectId": 1130,
      "midPointTai": 59582.05 + n // 2, "filterName": "Y", "ra": 157.5, "decl": -23.5, "psFlux": 81.9, "psFluxErr": 2.5, "snr": 41.1}}])
    out.append(base64.b64encode(gzip.compress(f.getvalue())).decode())
print(json.dumps(out))
`;
const nameOf = (n: number) => `alert_mjd${59582.05 + Math.floor(n / 2)}_obj1130_src${2260000 + n}.avro.gz`;

/** Nights as the challenge packs them, four alerts each, of which several are spoilt in one way each. */
async function nights(): Promise<Record<string, Buffer>> {
  const made: string[] = JSON.parse(runPython(writer, ["24"]));
  const alerts = made.map((text) => Buffer.from(text, "base64"));
  const member = (n: number, bytes = alerts[n]!) => [nameOf(n), bytes] as const;
  const night = (first: number) => [0, 1, 2, 3].map((i) => member(first + i));
  const header = await tarOf(night(16));
  header.fill(0x41, 512 + Math.ceil(alerts[16]!.length / 512) * 512, 700 + Math.ceil(alerts[16]!.length / 512) * 512);
  const cut = await tgzOf(night(8));
  return {
    "NITE1.tar.gz": await tgzOf(night(0)),
    "NITE2.tar.gz": await tgzOf([member(4), member(5, alerts[5]!.subarray(0, -50)), member(6), member(7)]),
    "NITE3.tar.gz": cut.subarray(0, cut.length - 100),
    "NITE4.tar.gz": await tgzOf([]),
    "NITE5.tar.gz": await tgzOf([member(12), [nameOf(13), gzipSync("<html>")], member(14), member(15)]),
    "NITE6.tar.gz": gzipSync(header),
    "NITE7.tar": await tarOf(night(20)),
  };
}
const good = [0, 1, 2, 3, 4, 6, 7, 12, 14, 15, 16, 20, 21, 22, 23].map((n) => BigInt(2260000 + n));

describe.skipIf(needs.python())("ELAsTiCC's archives", () => {
  async function read(paths: string, setAside: string) {
    const failures: [string, string][] = [];
    const stream = readAlerts(paths, {
      setAside,
      onFailure: ({ where, error }) => failures.push([where.slice(paths.length), (error as { code?: string }).code!]),
    });
    const alerts = await stream.toArray();
    return { alerts, failures, ledger: stream.ledger };
  }
  const ids = (alerts: { packet: any }[]) => alerts.map((alert) => alert.packet.diaSource.diaSourceId as bigint);
  const reasons = (place: string) =>
    readFileSync(join(place, "reasons.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("in a folder: gathers what is whole, names and sets aside the rest, and leaves the originals", async () => {
    const place = join(folder, "ALERTS");
    mkdirSync(place);
    const files = await nights();
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(place, name), bytes);
    const bad = join(place, "bad");
    const { alerts, failures, ledger } = await read(place, bad);
    expect(
      ids(alerts)
        .filter((id) => !good.includes(id))
        .every((id) => id >= 2260008n && id < 2260012n),
    ).toBe(true);
    expect(ids(alerts)).toEqual(expect.arrayContaining(good));
    const expected: [string, string, string][] = [
      [`/NITE2.tar.gz!${nameOf(5)}`, "GZIP", `NITE2.tar.gz__${nameOf(5)}`],
      ["/NITE3.tar.gz", "GZIP", "NITE3.tar.gz"],
      [`/NITE5.tar.gz!${nameOf(13)}`, "NOT_AVRO", `NITE5.tar.gz__${nameOf(13)}`],
      ["/NITE6.tar.gz", "ARCHIVE", "NITE6.tar.gz"],
    ];
    expect(failures).toEqual(expected.map(([path, code]) => [path, code]));
    expect([ledger.failed, ledger.read]).toEqual([4, alerts.length + 4]);
    expect(readdirSync(bad).sort()).toEqual([...expected.map(([, , name]) => name), "reasons.jsonl"].sort());
    expect(reasons(bad).map(({ path, code, name }) => [path.slice(place.length), code, name])).toEqual(expected);
    expect(readFileSync(join(bad, "NITE3.tar.gz"))).toEqual(files["NITE3.tar.gz"]);
    expect(gunzipSync(readFileSync(join(bad, `NITE5.tar.gz__${nameOf(13)}`))).toString()).toBe("<html>");
    expect(readdirSync(place).sort()).toEqual([...Object.keys(files), "bad"].sort());
    // a second reading finds the same: what was set aside is not read
    expect((await read(place, bad)).failures).toEqual(failures);
    expect(readdirSync(bad).length).toBe(5);
  });

  it("in one archive of all nights: takes the bad members out as they lie there", async () => {
    const files = await nights();
    const path = join(folder, "LSST_ALERTS_BATCH.tar.gz");
    const parts = Object.entries(files).map(([name, bytes]) => [`LSST_ALERTS_BATCH/ALERTS/${name}`, bytes] as const);
    writeFileSync(path, await tgzOf([["../../climbs.avro", "x"], ...parts]));
    const bad = join(folder, "bad");
    const { alerts, failures } = await read(path, bad);
    expect(ids(alerts)).toEqual(expect.arrayContaining(good));
    expect(failures.map(([, code]) => code)).toEqual(["ARCHIVE", "GZIP", "GZIP", "NOT_AVRO", "ARCHIVE"]);
    const inner = (night: string) => `LSST_ALERTS_BATCH.tar.gz__LSST_ALERTS_BATCH_ALERTS_${night}`;
    expect(reasons(bad).map(({ name }) => name)).toEqual([
      null, // refused: nothing of it is written
      `${inner("NITE2.tar.gz")}__${nameOf(5)}`,
      inner("NITE3.tar.gz"),
      `${inner("NITE5.tar.gz")}__${nameOf(13)}`,
      inner("NITE6.tar.gz"),
    ]);
    expect(readFileSync(join(bad, inner("NITE6.tar.gz")))).toEqual(files["NITE6.tar.gz"]);
    expect(readdirSync(folder)).not.toContain("climbs.avro");
    expect(statSync(path).isFile()).toBe(true);
  });

  it("visit by visit, told apart by source although all have one alertId", async () => {
    const place = join(folder, "visits");
    mkdirSync(place);
    for (const [name, bytes] of Object.entries(await nights())) writeFileSync(join(place, name), bytes);
    const bad = join(folder, "bad-visits");
    const visits = await readVisits(place, { setAside: bad, onFailure: () => {} }).toArray();
    const alerts = visits.flatMap((visit) => visit.alerts);
    expect(new Set(alerts.map((alert) => alert.alertId))).toEqual(new Set([1231321321n]));
    expect(new Set(ids(alerts)).size).toBe(alerts.length);
    expect(ids(alerts)).toEqual(expect.arrayContaining(good));
    expect(visits.map(({ mjdUtc }) => mjdUtc)).toEqual([...visits.map(({ mjdUtc }) => mjdUtc)].sort());
    expect(visits[0]!.alerts.map((alert) => alert.packet.diaSource.diaSourceId)).toEqual([2260000n, 2260001n]);
    expect(new Set(alerts.map(({ origin }) => origin.kind === "file" && origin.path)).size).toBe(alerts.length);
    expect(readdirSync(bad).length).toBe(5);
  });

  it("sent to Kafka: every whole alert is there once, and the command says what it set aside", async () => {
    const place = join(folder, "sent");
    mkdirSync(place);
    for (const [name, bytes] of Object.entries(await nights())) writeFileSync(join(place, name), bytes);
    const [topic, bad] = ["elasticc-archives", join(folder, "bad-sent")];
    const env = { KAFKA_BOOTSTRAP: inject("bootstrap") };
    const run = await alertsCommand(["send", place, "--topic", topic, "--fast", "--set-aside", bad], { env });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(`failed 4, set aside in ${bad}`)]);
    expect(readdirSync(bad).length).toBe(5);
    const stream = await subscribe(topic, { bootstrap: inject("bootstrap"), progress: false });
    const sent = ids(await stream.toArray());
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toEqual(expect.arrayContaining(good));
    const whole = await readAlerts(place, { onFailure: () => {} }).toArray();
    expect(sent.length).toBe(whole.length);
  });
});
