import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { writeState } from "../../src/broker/engine-state";
import { deleteGroup, listGroups, resetGroup } from "../../src/kafka/admin/groups";
import { createTopic, deleteTopic, listTopics, resetTopic } from "../../src/kafka/admin/topics";
import { replayDead } from "../../src/kafka/dead-letters/dead-letters";
import { runFilters } from "../../src/kafka/filter/filter";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { loadReservoir } from "../../src/kafka/reservoir/load";
import { playReservoir } from "../../src/kafka/reservoir/play";
import { makeAlert } from "../helpers/alerts";
import { root } from "../helpers/data";

const bootstrap = inject("bootstrap");
const topic = "somebody-elses";

describe("a Kafka that nobody named, where one's own has ended", () => {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-own-broker-"));
  const names = ["BOOTCAMP_HOME", "KAFKA_BOOTSTRAP", "KAFKA_PROFILE"] as const;
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));

  beforeAll(async () => {
    await publish([makeAlert(1)], { topic, fast: true, bootstrap });
    for (const name of names) delete process.env[name];
    process.env["BOOTCAMP_HOME"] = home;
    const broker = { id: 1, pid: 2 ** 22 - 1, port: 1, controllerPort: 2, config: "none", log: "" };
    writeState({ engine: "local", version: "", bootstrap, startedAt: "", brokers: [broker] });
  });
  afterAll(() => {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(home, { recursive: true, force: true });
  });

  const accepts = () => true;
  const changes: [string, () => Promise<unknown>][] = [
    ["createTopic", () => createTopic("mine")],
    ["deleteTopic", () => deleteTopic(topic)],
    ["resetTopic", () => resetTopic(topic)],
    ["publish", () => publish([makeAlert(2)], { topic, fast: true })],
    ["loadReservoir", () => loadReservoir([makeAlert(2)], { topic: "mine", force: true })],
    ["playReservoir", () => playReservoir(topic, "mine", { force: true })],
    ["runFilters", () => runFilters(topic, { filters: [{ name: "all", accepts }] })],
    ["replayDead", () => replayDead(topic)],
    ["resetGroup", () => resetGroup("group", topic, "latest")],
    ["deleteGroup", () => deleteGroup("group")],
  ];
  it.each(changes)("%s does not write to it", async (_, change) => {
    await expect(change()).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(`what answers at ${bootstrap} may be somebody else's`),
    });
  });

  it("is read, with a line that says so once, and has lost nothing", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(await listTopics()).toContain(topic);
      expect(await listTopics()).not.toContain("mine");
      await listGroups();
      expect(await (await subscribe(topic)).toArray()).toHaveLength(1);
      const lines = said.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("reading from"));
      expect(lines).toEqual([expect.stringContaining(`has ended: reading from what answers at ${bootstrap}`)]);
    } finally {
      said.mockRestore();
    }
  });

  it("is asked about in every file that changes something", () => {
    // makes a producer for others; used by filter.ts, which asks
    const without = ["client/producer.ts", "filter/transaction.ts"];
    const folder = join(root, "src/kafka");
    const changing = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
      if (!/(?<!\.test)\.ts$/.test(name) || without.includes(name)) return false;
      const text = readFileSync(join(folder, name), "utf8");
      const writes = /\badmin\.(createTopics|deleteTopic|commitOffsets|deleteGroup)\(|newProducer\(|\.producer\(/;
      return writes.test(text) && !text.includes("expectOwnBroker(options)");
    });
    expect(changing).toEqual([]);
  });
});

describe("an address of IPv6", () => {
  let server: Server | undefined;
  beforeAll(async () => {
    const [host, port] = bootstrap.split(":");
    const relay = createServer((socket) => {
      const inner = connect(Number(port), host);
      for (const one of [socket, inner]) one.on("error", () => {});
      socket.pipe(inner).pipe(socket);
    });
    await new Promise<void>((done) => {
      relay.once("error", () => done()); // this machine has no IPv6
      relay.listen(0, "::1", () => {
        server = relay;
        done();
      });
    });
  });
  afterAll(() => void server?.close());

  it("leads to a broker, and is named as it was given when none answers", async ({ skip }) => {
    skip(server === undefined, "no IPv6 here");
    const { port } = server!.address() as { port: number };
    await createTopic("by-ipv6", { bootstrap });
    expect(await listTopics({ bootstrap: `[::1]:${port}` })).toContain("by-ipv6");
    await expect(listTopics({ bootstrap: "[::1]:1" })).rejects.toMatchObject({
      code: "KAFKA_UNREACHABLE",
      message: expect.stringContaining("[::1]:1"),
    });
  });
});
