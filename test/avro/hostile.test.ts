import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { surveySchema } from "../../src/avro/known";
import { parseSchema } from "../../src/avro/schema";
import { createTopic } from "../../src/kafka/admin/topics";
import { listDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { subscribe } from "../../src/kafka/read/subscribe";
import { makeAlert } from "../helpers/alerts";
import { root } from "../helpers/data";
import { sendMessages } from "../helpers/send-messages";
import { hostile, id } from "./hostile-bytes";

describe("hostile bytes", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bootcamp-hostile-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("each has its own error, within a heap of 256 MB", () => {
    const cases = Object.entries(hostile).map(([name, { bytes, schema }], i) => {
      const file = join(folder, String(i));
      writeFileSync(file, bytes);
      return { name, file, schema };
    });
    const script = `
      const { decodeAlerts } = require(${JSON.stringify(join(root, "dist/alert/decode.js"))});
      const { readFileSync } = require("node:fs");
      const found = {};
      for (const { name, file, schema } of ${JSON.stringify(cases)}) {
        try {
          for (const alert of decodeAlerts(readFileSync(file), schema ? { schema, form: "bare" } : {})) alert.validate();
          found[name] = "read";
        } catch (error) { found[name] = error.code ?? String(error); }
      }
      console.log(JSON.stringify({ found, megabytes: process.resourceUsage().maxRSS / 1024 }));
    `;
    const run = spawnSync(process.execPath, ["--max-old-space-size=256", "-e", script], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    const { found, megabytes } = JSON.parse(run.stdout);
    expect(found).toEqual(Object.fromEntries(Object.entries(hostile).map(([name, { code }]) => [name, code])));
    expect(megabytes).toBeLessThan(600);
  });

  it("is counted with its place in a topic, and the rest is read", async () => {
    const bootstrap = inject("bootstrap");
    const topic = `hostile-${Math.random().toString(36).slice(2, 8)}`;
    await createTopic(topic, { bootstrap, partitions: 1 });
    const bad = Object.entries(hostile).filter(([, { schema }]) => schema === undefined);
    const good = makeAlert(1);
    const values = [good.bytes, ...bad.map(([, { bytes }]) => bytes), good.bytes];
    await sendMessages(
      bootstrap,
      topic,
      values.map((value) => ({ value })),
    );
    const stream = await subscribe(topic, { bootstrap, progress: false });
    expect((await stream.toArray()).length).toBe(2);
    const { read, failed, failures } = stream.ledger;
    expect([read, failed]).toEqual([bad.length + 2, bad.length]);
    expect(failures.map(({ where, error }) => [where, (error as { code?: string }).code])).toEqual(
      bad.map(([, { code }], i) => [`${topic}[0]@${i + 1}`, code]),
    );
    // a filter job sends each to the dead letters, with place and reason, and decides the good ones
    const report = await runFilters(topic, {
      bootstrap,
      progress: false,
      filters: [{ name: `${topic}-good`, accepts: (a) => a.mag < 30 }],
    });
    expect([report.undecodable, report.filters[0]!.selected, report.balanced]).toEqual([bad.length, 2, true]);
    const letters = [];
    for await (const { code, offset, reason, bytes } of listDead(topic, { bootstrap })) {
      expect(reason).not.toMatch(/call stack|undefined|\bat \w+ \(/);
      letters.push([offset, code, bytes.length]);
    }
    expect(letters).toEqual(bad.map(([, { code, bytes }], i) => [BigInt(i + 1), code, bytes.length]));
  });
});

describe("a bare record that begins as a Confluent header would", () => {
  const schema = surveySchema("elasticc", "0.9.1-classification");

  it("is read as what it fits exactly, and refused when it fits both", async () => {
    const { decodeAlert } = await import("../../src");
    const { type } = parseSchema(schema);
    const value = {
      alertId: 0n,
      diaSourceId: 1n,
      elasticcPublishTimestamp: 0n,
      brokerIngestTimestamp: null,
      brokerName: "b",
      brokerVersion: "",
      classifierName: "",
      classifierParams: "",
      classifications: [],
    };
    const bare = type.toBuffer(value);
    expect(bare[0]).toBe(0);
    expect(decodeAlert(bare, { schema })).toMatchObject({ form: "bare", alertId: 0n });
    expect(decodeAlert(Buffer.concat([id([0, 0, 0, 9]), bare]), { schema })).toMatchObject({ form: "confluent" });
    // an empty list and a text of six bytes; or, behind a header, an empty list and a text of one
    const fields = [
      { name: "list", type: { type: "array", items: "int" } },
      { name: "text", type: "string" },
    ];
    const either = { schema: JSON.stringify({ type: "record", name: "either", fields }) };
    const both = Buffer.from([0, 12, 65, 65, 65, 0, 2, 66]);
    expect(() => decodeAlert(both, either)).toThrow(expect.objectContaining({ code: "SCHEMA_UNKNOWN" }));
    expect(decodeAlert(both, { ...either, form: "bare" }).packet.text).toBe("AAA\0\u0002B");
    expect(decodeAlert(both, { ...either, form: "confluent" }).packet.text).toBe("B");
  });
});
