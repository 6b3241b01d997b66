import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SchemaRegistry } from "../../src/avro/registry";
import { readWire, type WireRecord } from "../../src/avro/wire";
import { createTopic } from "../../src/kafka/admin/topics";
import { listDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { subscribe } from "../../src/kafka/read/subscribe";
import { alerts } from "../helpers/alerts-command";
import { startRegistry, type TestRegistry } from "../helpers/apicurio";
import { dataFolder, needs } from "../helpers/data";
import { sendMessages } from "../helpers/send-messages";

const bootstrap = inject("bootstrap");
const folder = mkdtempSync(join(tmpdir(), "bootcamp-registry-"));

/** The records of real alert files, and the schema each was written with. */
function realRecords(): WireRecord[] {
  return ["ztf", "lsst", "elasticc"].flatMap((survey) =>
    readdirSync(dataFolder(survey))
      .filter((name) => /avro(\.gz)?$/.test(name) && !name.includes("confluent"))
      .flatMap((name) => [...readWire(readFileSync(dataFolder(survey, name)))]),
  );
}

function framed(id: number, record: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, record]);
}

describe.skipIf(needs.data() || needs.python())("a real schema registry", () => {
  const topic = "registry-real";
  let server: TestRegistry;
  let records: WireRecord[];
  const ids = new Map<string, number>();

  beforeAll(async () => {
    server = await startRegistry();
    records = realRecords();
    for (const { schema } of records) {
      if (!ids.has(schema.text)) ids.set(schema.text, await server.register(`subject-${ids.size}`, schema.text));
    }
    await createTopic(topic, { bootstrap, partitions: 2 });
    await send(records.map(({ record, schema }) => framed(ids.get(schema.text)!, record)));
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(values: Buffer[]): Promise<void> {
    for (let at = 0; at < values.length; at += 20) {
      const some = values.slice(at, at + 20).map((value, n) => ({ value, partition: n % 2 }));
      await sendMessages(bootstrap, topic, some);
    }
  }
  const cached = (name: string) => ({ cacheFolder: join(folder, name) });

  it("gave ids of its own to the schemas of all the files", () => {
    expect(ids.size).toBeGreaterThan(6); // ZTF 3.2, 3.3, 4.01, ELAsTiCC 0.9 and five of Rubin's
    expect(new Set(ids.values()).size).toBe(ids.size);
  });

  it("lets a notebook read every alert byte for byte", async () => {
    const registry = new SchemaRegistry(server.url, cached("notebook"));
    const stream = await subscribe(topic, { bootstrap, registry, progress: false });
    const found = await stream.toArray();
    expect(stream.ledger.failures).toEqual([]);
    const rows = (all: { survey: string; objectId: unknown; mag: number }[]) =>
      all.map(({ survey, objectId, mag }) => `${survey} ${objectId} ${mag}`).sort();
    const { decodeAlerts } = await import("../../src/alert/decode");
    const expected = records.flatMap(({ received }) => [...decodeAlerts(received)]);
    expect(found.length).toBe(expected.length);
    expect(rows(found)).toEqual(rows(expected));
    expect(new Set(found.map((alert) => alert.survey))).toEqual(new Set(["ztf", "lsst", "elasticc"]));
  });

  it("serves the command line, also by the environment, and a job of filters", async () => {
    const env = { KAFKA_BOOTSTRAP: bootstrap, BOOTCAMP_HOME: join(folder, "home") };
    const named = await alerts(["print", topic, "--json", "--registry", server.url], { env });
    expect([named.code, named.stdout.trim().split("\n").length, named.stderr]).toEqual([
      0,
      records.length,
      expect.stringContaining("failed 0"),
    ]);
    const usual = await alerts(["print", topic, "--json"], { env: { ...env, SCHEMA_REGISTRY_URL: server.url } });
    const sorted = (text: string) => text.split("\n").sort(); // partitions come as they like
    expect([usual.code, sorted(usual.stdout)]).toEqual([0, sorted(named.stdout)]);
    const registry = new SchemaRegistry(server.url, cached("filters"));
    const report = await runFilters(topic, {
      bootstrap,
      registry,
      progress: false,
      filters: [{ name: "registry-ztf", accepts: (a) => a.survey === "ztf" }],
      capPerVisit: Number.POSITIVE_INFINITY,
    });
    expect([report.read, report.undecodable, report.balanced]).toEqual([records.length, 0, true]);
    expect(report.filters[0]!.selected).toBe(115);
  });

  it("names the id it does not have, and is not needed for those it has given once", async () => {
    const { record } = records[0]!;
    await send([framed(4_000_000, record)]);
    const read = async (registry: SchemaRegistry) => {
      const stream = await subscribe(topic, { bootstrap, registry, progress: false });
      const { length } = await stream.toArray();
      return { length, ledger: stream.ledger };
    };
    const unknown = await read(new SchemaRegistry(server.url, cached("notebook")));
    expect(unknown).toMatchObject({ length: records.length, ledger: { failed: 1 } });
    expect(unknown.ledger.failures[0]!.error).toMatchObject({
      code: "SCHEMA_UNKNOWN",
      message: expect.stringContaining("4000000"),
    });
    await server.stop();
    const later = await read(new SchemaRegistry(server.url, cached("notebook")));
    expect(later).toMatchObject({ length: records.length, ledger: { failed: 1 } });
    expect(later.ledger.failures[0]!.error).toMatchObject({
      code: "REMOTE",
      message: expect.stringContaining("4000000"),
    });
    const down = await read(new SchemaRegistry(server.url, cached("nothing")));
    expect(down).toMatchObject({ length: 0, ledger: { failed: records.length + 1 } });
    await runFilters(topic, {
      bootstrap,
      registry: new SchemaRegistry(server.url, cached("filters")),
      progress: false,
      filters: [{ name: "registry-later", accepts: () => false }],
    });
    const dead = [];
    for await (const letter of listDead(topic, { bootstrap })) dead.push(letter.code);
    expect(dead).toEqual(["REMOTE"]);
  });
});
