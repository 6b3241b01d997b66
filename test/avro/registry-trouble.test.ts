import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { chooseRegistry } from "../../src/avro/find-schema";
import { SchemaRegistry } from "../../src/avro/registry";
import { parseSchema } from "../../src/avro/schema";
import { createTopic } from "../../src/kafka/admin/topics";
import { listDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { subscribe } from "../../src/kafka/read/subscribe";
import { record } from "../helpers/schemas";
import { sendMessages } from "../helpers/send-messages";

const schema = JSON.stringify(record({ id: "long", mag: "double" }, "small"));
const { type } = parseSchema(schema);
const message = (id: number, mag = 17) => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, type.toBuffer({ id: 5n, mag })]);
};

let server: Server;
let url: string;
let asked: number[];
/** What the registry answers: a schema, "there is none", or trouble of its own. */
let status: number;

beforeEach(async () => {
  asked = [];
  status = 200;
  server = createServer((request, response) => {
    asked.push(Number(request.url!.split("/").at(-1)));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 200 ? JSON.stringify({ schema }) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
const open = () => new SchemaRegistry(url, { cacheFolder: null });
const code = (work: () => unknown) => {
  try {
    work();
    return "ok";
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("a registry in trouble", () => {
  it("is left alone for a second, then twice as long each time, at most a minute, whatever the id", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const registry = open();
    status = 503;
    const start = Date.now();
    const times: number[] = [];
    for (let second = 0; second < 200; second++) {
      vi.setSystemTime(start + second * 1000);
      const before = asked.length;
      await expect(registry.load(second)).rejects.toMatchObject({ code: "REMOTE" });
      if (asked.length > before) times.push(second);
    }
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    status = 200;
    vi.setSystemTime(start + 300_000);
    await registry.load(5);
    status = 503; // after an answer it begins anew
    await registry.load(6).catch(() => {});
    vi.setSystemTime(start + 301_000);
    status = 200;
    await registry.load(6);
    expect(decodeAlert(message(6), { registry }).packet.mag).toBe(17);
  });

  it("counts as one failure for all who wait for it, and names their ids", async () => {
    const registry = open();
    status = 500;
    await Promise.allSettled([1, 2, 3, 4].map((id) => registry.load(id)));
    const before = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: before + 1500 });
    status = 200;
    await registry.load(9); // four times as one: 1 s, not 8
    status = 500;
    await registry.load(77).catch(() => {});
    const error = (() => {
      try {
        return decodeAlert(message(78), { registry });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: "REMOTE", message: expect.stringMatching(/id 78.*HTTP 500/) });
  });

  it("remembers a thousand ids that have no schema, not all that nonsense can name", async () => {
    const registry = open();
    let asked = 0;
    vi.stubGlobal("fetch", async () => {
      asked++;
      return new Response("{}", { status: 404 });
    });
    for (let id = 1; id <= 1200; id++) await registry.load(id).catch(() => {});
    expect(asked).toBe(1200);
    await registry.load(1200).catch(() => {});
    expect(asked).toBe(1200);
    await registry.load(1).catch(() => {}); // forgotten meanwhile
    expect(asked).toBe(1201);
  });

  it("does not look broken for an id that no registry can have, or that it calls nonsense", async () => {
    const registry = open();
    await expect(registry.load(4_000_000_000)).rejects.toMatchObject({ code: "SCHEMA_UNKNOWN" });
    expect(asked).toEqual([]);
    status = 422;
    await expect(registry.load(9)).rejects.toMatchObject({ code: "SCHEMA_UNKNOWN" });
    status = 200;
    await registry.load(10);
    expect(asked).toEqual([9, 10]);
  });

  it("is not asked about bare records of the configured schema", async () => {
    const registry = open();
    const bare = type.toBuffer({ id: 0n, mag: 5 });
    await registry.prepare(bare, undefined, { schema });
    await registry.prepare(message(3), undefined, { form: "bare", schema });
    expect(asked).toEqual([]);
    await registry.prepare(message(3), undefined, { schema: JSON.stringify(record({ other: "string" })) });
    expect(asked).toEqual([3]);
  });
});

describe("chooseRegistry", () => {
  const auth = (registry: SchemaRegistry | undefined) =>
    (registry as unknown as { headers: Record<string, string> } | undefined)?.headers["authorization"];
  const settings = {
    SCHEMA_REGISTRY_URL: "https://r.example.org/v7",
    SCHEMA_REGISTRY_USERNAME: "alice",
    SCHEMA_REGISTRY_PASSWORD: "s3cret",
  };
  const basic = `Basic ${Buffer.from("alice:s3cret").toString("base64")}`;

  it("takes the one that is given, else the environment's, and sends a password to its own host only", () => {
    const given = open();
    expect(chooseRegistry(given, settings)).toBe(given);
    expect(chooseRegistry(undefined, {})).toBe(undefined);
    expect(chooseRegistry(undefined, settings)?.url).toBe("https://r.example.org/v7");
    expect(auth(chooseRegistry(undefined, settings))).toBe(basic);
    expect(auth(chooseRegistry("https://r.example.org/other", settings))).toBe(basic);
    expect(auth(chooseRegistry("https://elsewhere.example.org", settings))).toBe(undefined);
    const named = `Basic ${Buffer.from("bob:x").toString("base64")}`;
    expect(auth(chooseRegistry("https://bob:x@r.example.org/v7", settings))).toBe(named);
    expect(auth(chooseRegistry("http://r.example.org/v7", settings))).toBe(undefined); // not in the clear
    expect(auth(chooseRegistry("https://x.example.org", { ...settings, SCHEMA_REGISTRY_URL: "" }))).toBe(basic);
    expect(auth(chooseRegistry("https://x.example.org", { SCHEMA_REGISTRY_TOKEN: "t" }))).toBe("Bearer t");
    expect(code(() => chooseRegistry(undefined, { ...settings, SCHEMA_REGISTRY_PASSWORD: "" }))).toBe("USAGE");
  });
});

describe("a stream whose registry goes down on the way", () => {
  const bootstrap = inject("bootstrap");
  async function topicWith(values: Buffer[]): Promise<string> {
    const topic = `registry-down-${Math.random().toString(36).slice(2, 8)}`;
    await createTopic(topic, { bootstrap, partitions: 1 });
    await sendMessages(
      bootstrap,
      topic,
      values.map((value) => ({ value, partition: 0 })),
    );
    return topic;
  }

  it("counts what it cannot decode, goes on, and asks once", async () => {
    const topic = await topicWith([message(1), message(2), message(3), message(1), message(2)]);
    const registry = open();
    await registry.load(1);
    status = 503;
    const stream = await subscribe(topic, { bootstrap, registry, progress: false });
    expect((await stream.toArray()).length).toBe(2);
    expect(stream.ledger.failures.map(({ where, error }) => [where, (error as { code?: string }).code])).toEqual(
      [1, 2, 4].map((offset) => [`${topic}[0]@${offset}`, "REMOTE"]),
    );
    expect(asked).toEqual([1, 2]);
  });

  it("sends to the filter job what can be decoded, and dead letters for the rest", async () => {
    const topic = await topicWith([message(1, 15), message(2), message(1, 19), message(4)]);
    const registry = open();
    await registry.load(1);
    status = 404;
    const name = `${topic}-bright`;
    const report = await runFilters(topic, {
      bootstrap,
      registry,
      progress: false,
      filters: [{ name, accepts: (a) => a.packet.mag < 17 }],
    });
    expect([report.read, report.undecodable, report.filters[0]!.selected, report.balanced]).toEqual([4, 2, 1, true]);
    const dead = [];
    for await (const { code, offset } of listDead(topic, { bootstrap })) dead.push([code, offset]);
    expect(dead).toEqual([
      ["SCHEMA_UNKNOWN", 1n],
      ["SCHEMA_UNKNOWN", 3n],
    ]);
    const chosen = await subscribe(`${topic}.${name}`, { bootstrap, registry, progress: false });
    expect((await chosen.toArray()).map((alert) => alert.packet.mag)).toEqual([15]);
    const dry = await runFilters(topic, {
      bootstrap,
      registry,
      dryRun: true,
      progress: false,
      filters: [{ name: "dry", accepts: () => true }],
    });
    expect([dry.read, dry.undecodable]).toEqual([4, 2]);
  });
});
