import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { SchemaRegistry } from "../../src/avro/registry";
import { parseSchema } from "../../src/avro/schema";
import { createTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { dataFolder, needs } from "../helpers/data";
import { sendMessages } from "../helpers/send-messages";

const schema = JSON.stringify({
  type: "record",
  name: "small",
  fields: [
    { name: "id", type: "long" },
    { name: "mag", type: "double" },
  ],
});
const { type } = parseSchema(schema);
const header = (id: number) => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(id, 1);
  return bytes;
};
const message = (id: number, mag = 17) => Buffer.concat([header(id), type.toBuffer({ id: 5n, mag })]);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let url: string;
let asked: string[];
let answer: Answer;
let folder: string;
function json(body: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/vnd.schemaregistry.v1+json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-registry-"));
  asked = [];
  answer = json({ schema });
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/apis/ccompat/v7`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});
const open = (options: ConstructorParameters<typeof SchemaRegistry>[1] = {}) =>
  new SchemaRegistry(url, { cacheFolder: folder, ...options });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "ok",
    (error) => error.code,
  );

const badAnswers: [what: string, how: Answer, code: string, text: RegExp][] = [
  ["an unknown id", json({ error_code: 40403, message: "Schema not found" }, 404), "SCHEMA_UNKNOWN", /id 9.*none/],
  ["trouble of its own", json("oops", 500), "REMOTE", /HTTP 500/],
  ["a web page", json("<html>"), "REMOTE", /"<html>"/],
  ["JSON of another kind", json({ schemas: [] }), "REMOTE", /schema/],
  ["a schema that is none", json({ schema: "{}" }), "SCHEMA_INVALID", /./],
  ["a schema of another kind", json({ schema: "syntax = 3", schemaType: "PROTOBUF" }), "SCHEMA_INVALID", /PROTOBUF/],
  ["a schema in parts", json({ schema, references: [{ name: "x" }] }), "SCHEMA_INVALID", /references/],
  ["no end", (_, response) => void response.write("{"), "REMOTE", /within 0\.2 s/],
  ["nothing", (request) => void request.socket.destroy(), "REMOTE", /Expected the schema registry/],
  ["too much", (_, response) => void response.end(Buffer.alloc(17 * 2 ** 20, 32)), "REMOTE", /more than/],
];

describe("SchemaRegistry", () => {
  it("asks once for an id, keeps it in memory and on disk, and reads messages with it", async () => {
    const registry = open();
    await Promise.all([registry.prepare(message(7)), registry.prepare(message(7)), registry.load(7)]);
    await registry.prepare(message(7));
    expect(decodeAlert(message(7), { registry }).packet.mag).toBe(17);
    expect(asked).toEqual(["GET /apis/ccompat/v7/schemas/ids/7"]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const later = open(); // the registry is down: the disk has it
    await later.prepare(message(7));
    expect(decodeAlert(message(7), { registry: later }).packet.id).toBe(5n);
    server = createServer().listen(0);
  });

  it("keeps schemas of two registries apart, and asks anew for a file that is damaged", async () => {
    await open().load(7);
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^127\.0\.0\.1-[0-9a-f]{12}$/);
    await new SchemaRegistry(url.replace("127.0.0.1", "localhost"), { cacheFolder: folder }).load(7).catch(() => {});
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    writeFileSync(join(folder, name!, "7.avsc"), '{"type": "rec');
    asked = [];
    await open().load(7);
    expect(asked.length).toBe(1);
    expect(await code(open({ cacheFolder: null }).load(7))).toBe("ok");
  });

  it("asks nobody for what carries its schema or is Rubin's, unless Rubin's does not fit", async () => {
    const registry = open();
    await registry.prepare(Buffer.from("Obj\u0001"));
    await registry.prepare(Buffer.alloc(0));
    expect(asked).toEqual([]);
    await registry.prepare(message(700)); // an id that Rubin has too, but another registry's numbering
    expect(asked).toEqual(["GET /apis/ccompat/v7/schemas/ids/700"]);
    expect(decodeAlert(message(700), { registry }).packet.mag).toBe(17);
  });

  it.skipIf(needs.data())("asks nobody for a real Rubin message", async () => {
    const registry = open();
    const real = readFileSync(dataFolder("lsst", "7912941781254298.confluent.avro"));
    await registry.prepare(real);
    expect(asked).toEqual([]);
    expect(decodeAlert(real, { registry }).survey).toBe("lsst");
  });

  it("logs in with a name or a token, from options or address, and never says either", async () => {
    await open({ username: "alice", password: "s3cret" }).load(1);
    await open({ token: "abc" }).load(2);
    const named = new SchemaRegistry(url.replace("http://", "http://bob:p%40ss@"), { cacheFolder: folder });
    await named.load(3);
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    expect(asked.map((line) => line.split(" ").slice(2).join(" "))).toEqual([
      basic("alice:s3cret"),
      "Bearer abc",
      basic("bob:p@ss"),
    ]);
    answer = json("no", 401);
    const error = await open({ username: "alice", password: "s3cret" })
      .load(4)
      .catch((e) => e);
    expect([error.code, error.remedy]).toEqual(["REMOTE", expect.stringContaining("password")]);
    expect(`${error} ${named.url} ${JSON.stringify(error)}`).not.toMatch(/s3cret|p@ss|p%40ss/);
    expect(() => new SchemaRegistry("ftp://bob:p%40ss@host")).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.not.stringContaining("p%40ss") }),
    );
  });

  it.each(badAnswers)("gives its own error when the answer is %s", async (_what, how, expected, text) => {
    answer = how;
    const registry = open({ timeoutSeconds: expected === "REMOTE" && /within/.test(text.source) ? 0.2 : 5 });
    const error = await registry.load(9).catch((e) => e);
    expect([error.code, error.message]).toEqual([expected, expect.stringMatching(text)]);
    // and does not ask again for every message of a stream
    await registry.load(9).catch(() => {});
    expect(asked.length).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says that nobody is there, and stops on request", async () => {
    const down = new SchemaRegistry("http://127.0.0.1:9", { cacheFolder: folder });
    expect(await code(down.load(1))).toBe("REMOTE");
    answer = () => {};
    const controller = new AbortController();
    const asking = code(open().load(1, controller.signal));
    controller.abort();
    expect(await asking).toBe("ABORTED");
  });
});

describe("subscribe with a registry", () => {
  it("reads what can be read, and counts the rest with its position", async () => {
    const bootstrap = inject("bootstrap");
    const topic = `registry-${Math.random().toString(36).slice(2, 8)}`;
    answer = (request, response) =>
      (request.url!.endsWith("/8") ? json("gone", 404) : json({ schema }))(request, response);
    await createTopic(topic, { bootstrap, partitions: 1 });
    const values = [
      message(7, 15),
      message(8),
      message(7, 16),
      message(7).subarray(0, 9),
      Buffer.concat([message(7), Buffer.from("x")]),
      message(7, 18),
    ];
    await sendMessages(
      bootstrap,
      topic,
      values.map((value) => ({ value, partition: 0 })),
    );
    const stream = await subscribe(topic, { bootstrap, registry: open(), progress: false });
    expect((await stream.toArray()).map((alert) => alert.packet.mag)).toEqual([15, 16, 18]);
    const { failures, read, failed } = stream.ledger;
    expect([read, failed]).toEqual([6, 3]);
    expect(failures.map(({ where, error }) => [where, (error as { code?: string }).code])).toEqual([
      [`${topic}[0]@1`, "SCHEMA_UNKNOWN"],
      [`${topic}[0]@3`, "AVRO_TRUNCATED"],
      [`${topic}[0]@4`, "AVRO_CORRUPT"],
    ]);
  });
});
