import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, inject, it } from "vitest";
import { BootcampError } from "../../src/errors";
import { createTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { pollAlert } from "../../src/kafka/read/poll";
import { subscribe } from "../../src/kafka/read/subscribe";
import { alerts as run } from "../helpers/alerts-command";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");
const quiet = { bootstrap, progress: false };
const count = 6;

/** Records as Fink's Spark job writes them, by another implementation, and read back as fink-client reads them. */
const script = `
import base64, io, json, sys, fastavro
def record(name, **fields):
    return {"type": "record", "name": name, "fields": [{"name": n, "type": [t, "null"]} for n, t in fields.items()]}
point = dict(jd="double", fid="int", pid="long", programid="int", rcid="int", field="int", ra="double", dec="double",
  magpsf="float", sigmapsf="float", rb="float", isdiffpos="string", diffmaglim="float", candid="long")
cutout = lambda name: record("topLevelRecord." + name, fileName="string", stampData="bytes")
schema = record("topLevelRecord.value", objectId="string", candid="long", schemavsn="string",
  candidate=record("topLevelRecord.candidate", **point),
  prv_candidates={"type": "array", "items": [record("topLevelRecord.prv_candidates", **point), "null"]},
  cutoutScience=cutout("cutoutScience"), cdsxmatch="string", rf_snia_vs_nonia="double")
text = json.dumps(schema, indent=2)
out, seen = [], []
for n in range(${count}):
    candid = 2475433850015010000 + n
    c = dict(jd=2460000.5 + n, fid=1 + n % 2, pid=candid // 10, programid=1, rcid=5, field=600, ra=10.5 + n, dec=-5.25,
      magpsf=15.5 + n, sigmapsf=0.125, rb=0.75, isdiffpos="t", diffmaglim=20.5, candid=candid)
    record = dict(objectId="ZTF23aaaaaa" + "abcdef"[n], candid=candid, schemavsn="4.02", candidate=c,
      prv_candidates=[dict(c, jd=c["jd"] - 1), None], cutoutScience=dict(fileName="a.fits.gz", stampData=b"x"),
      cdsxmatch="Unknown" if n else None, rf_snia_vs_nonia=0.5)
    f = io.BytesIO(); fastavro.schemaless_writer(f, fastavro.parse_schema(json.loads(text)), record)
    out.append(base64.b64encode(f.getvalue()).decode()); f.seek(0)
    r = fastavro.schemaless_reader(f, fastavro.parse_schema(json.loads(text)), None)
    seen.append([r["objectId"], str(r["candid"]), r["candidate"]["ra"], r["candidate"]["magpsf"], r["cdsxmatch"], len(r["prv_candidates"])])
print(json.dumps([text, out, seen]))
`;

const send = async (topic: string, messages: { key: string | null; value: Buffer }[]) => {
  await createTopic(topic, { bootstrap, partitions: 1 });
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
};

describe.skipIf(needs.python())("messages whose key is the schema, as Fink sends them", () => {
  const [key, values, seen] = needs.python()
    ? ["", [], []]
    : (JSON.parse(runPython(script)) as [string, string[], unknown[][]]);
  const records = values.map((text) => Buffer.from(text, "base64"));

  it("are read without any schema, as fastavro reads them, and their damage is named", async () => {
    expect(records.map((record) => record[0])).toEqual(Array(count).fill(0)); // looks like Confluent's header
    await send("fink-key", [
      ...records.map((value) => ({ key, value })),
      { key: key.slice(0, -40), value: records[0]! },
      { key: "ZTF23aaaaaaa", value: records[0]! },
      { key, value: records[0]!.subarray(0, 60) },
    ]);
    const stream = await subscribe("fink-key", quiet);
    const alerts = await stream.toArray();
    expect(
      alerts.map(({ objectId, alertId, ra, mag, packet }) => [
        objectId,
        String(alertId),
        ra,
        mag,
        packet.cdsxmatch,
        packet.prv_candidates.length,
      ]),
    ).toEqual(seen);
    expect(new Set(alerts.map(({ survey, form, schema }) => `${survey} ${form} ${schema.text === key}`))).toEqual(
      new Set(["ztf bare true"]),
    );
    expect(stream.ledger.failures.map(({ error }) => error instanceof BootcampError && error.code)).toEqual([
      "SCHEMA_INVALID",
      "SCHEMA_UNKNOWN",
      "AVRO_TRUNCATED",
    ]);
    expect(stream.ledger.failures[0]!.error.message).toMatch(/^Expected an Avro schema as the key of the message: /);
  });

  it("ask no registry, which a Confluent message of the same id would", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.writeHead(404).end("{}");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await send("fink-registry", [{ key, value: records[0]! }]);
    expect(await (await subscribe("fink-registry", { ...quiet, registry })).count()).toBe(1);
    expect(asked).toBe(0);
    await send("fink-registry", [{ key: null, value: records[0]! }]);
    expect(await (await subscribe("fink-registry", { ...quiet, registry })).count()).toBe(1);
    expect(asked).toBe(1);
    server.close();
  });

  it("pass through a filter with their key, and are read again behind it", async () => {
    await send(
      "fink-in",
      records.map((value) => ({ key, value })),
    );
    const filters = [{ name: "fink-bright", accepts: (a: { mag: number }) => a.mag < 18 }];
    const report = await runFilters("fink-in", { ...quiet, filters });
    expect(report).toMatchObject({ read: count, undecodable: 0, balanced: true });
    const bright = await (await subscribe("fink-in.fink-bright", quiet)).toArray();
    expect(bright.map(({ mag }) => mag)).toEqual([15.5, 16.5, 17.5]);
    expect((await pollAlert("fink-in.fink-bright", quiet)).packet.cdsxmatch).toBe(null);
  });

  it("are printed, with the schema named instead of printed each time", async () => {
    await send("fink-print", [{ key, value: records[1]! }]);
    const { code, stdout } = await run(["print", "fink-print", "--json"], { env: { KAFKA_BOOTSTRAP: bootstrap } });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ objectId: "ZTF23aaaaaab", key: "schema topLevelRecord.value" }),
    ]);
  });
});
