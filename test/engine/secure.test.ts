// @module-tag long
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readState } from "../../src/broker/engine-state";
import { isAlive } from "../../src/broker/process-alive";
import { startEngine, stopEngine } from "../../src/engine/engine";
import type { StartEngineOptions } from "../../src/engine/engine-options";
import { readBackground } from "../../src/engine/process/background";
import { commandLine, endProcess } from "../../src/engine/process/processes";
import { setScramPassword } from "../../src/engine/secure/scram-request";
import { makeToken } from "../../src/engine/secure/tokens";
import { describeTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { simulateNight } from "../../src/simulate/night";
import { alerts } from "../helpers/alerts-command";
import { needs } from "../helpers/data";
import { atHome } from "../helpers/kafka";
import { readEnv, type SecureKafka, startSecureKafka } from "../helpers/secure";
import {
  askForToken,
  askRdkafka,
  kafkajsClient,
  type RdkafkaCase,
  readWithKafkajs,
  settingsOf,
} from "../helpers/secure-clients";

const topic = "practice-stream";
const profiles = ["PRACTICE", "PRACTICE_SCRAM256", "PRACTICE_PLAIN", "PRACTICE_OAUTH", "PRACTICE_MTLS"];
const count = 60;
let kafka: SecureKafka;
let group = 0;
const ownGroup = () => `alice-${++group}`;
const settings = (prefix = "PRACTICE") => settingsOf(kafka.env, prefix);
const without = (names: string[], prefix?: string) =>
  Object.fromEntries(Object.entries(settings(prefix)).filter(([name]) => !names.includes(name)));
const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  kafka = await startSecureKafka();
  await publish(simulateNight({ seed: 3, visits: 3, alerts: count }), {
    bootstrap: kafka.bootstrap,
    topic,
    partitions: 45,
    compression: "snappy",
    fast: true,
  });
});
afterAll(() => kafka?.stop());

describe("a secure Kafka, asked with kafkajs", () => {
  it.each(profiles)("lets %s read a stream as Rubin publishes it", async (prefix) => {
    const seen = await readWithKafkajs(kafkajsClient(settings(prefix)), topic, ownGroup(), count);
    expect(new Set(seen.map(({ value }) => sha256(value))).size).toBe(count);
    expect(seen.every(({ headers }) => headers.includes("producer_timestamp"))).toBe(true);
  });

  it("publishes it as asked: 45 partitions", async () => {
    const { partitions, messages } = await describeTopic(topic, { bootstrap: kafka.bootstrap });
    expect([partitions.length, messages]).toEqual([45, BigInt(count)]);
  });

  it.each([
    ["a wrong password", () => ({ ...settings(), PASSWORD: "guess" }), /SASLAuthentication|credentials/],
    ["an unknown user", () => ({ ...settings("PRACTICE_PLAIN"), USERNAME: "bob" }), /[Aa]uthentication/],
    ["a client without the authority's certificate", () => without(["CA_FILE"]), /self-signed certificate/],
    ["a client without a certificate of its own", () => without(["CERT_FILE", "KEY_FILE"], "PRACTICE_MTLS"), /./],
  ])("refuses %s", async (_, wrong, words) => {
    const admin = kafkajsClient(wrong()).admin();
    await expect(admin.connect().then(() => admin.listTopics())).rejects.toThrow(words);
    await admin.disconnect();
  });

  it("gives no token for a wrong secret", async () => {
    const guessed = { ...settings("PRACTICE_OAUTH"), OAUTH_CLIENT_SECRET: "guess" };
    await expect(askForToken(guessed)).rejects.toThrow('401 {"error":"invalid_client"}');
  });

  it.each(profiles)("gives %s reading and nothing else", async (prefix) => {
    const client = kafkajsClient(settings(prefix));
    const [admin, producer] = [client.admin(), client.producer()];
    await Promise.all([admin.connect(), producer.connect()]);
    await expect(producer.send({ topic, messages: [{ value: "x" }] })).rejects.toMatchObject({
      type: "TOPIC_AUTHORIZATION_FAILED",
    });
    await expect(admin.createTopics({ topics: [{ topic: "mine" }] })).rejects.toMatchObject({
      errors: [{ type: "TOPIC_AUTHORIZATION_FAILED" }],
    });
    await expect(admin.deleteTopics({ topics: [topic] })).rejects.toThrow(/[Aa]uthoriz/);
    // Kafka's own topics, which say what every group has read
    expect(await admin.listTopics()).toEqual([topic]);
    await expect(admin.fetchTopicOffsets("__consumer_offsets")).rejects.toMatchObject({
      type: "TOPIC_AUTHORIZATION_FAILED",
    });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
    await expect(readWithKafkajs(client, topic, "bob-x", 1)).rejects.toThrow(/coordinator|authoriz/i);
  });

  it("says so when it does not take a password", async () => {
    // 93 is Kafka's "unacceptable credential"
    await expect(setScramPassword(kafka.bootstrap, "", "x")).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: expect.stringContaining("error 93 "),
    });
  });
});

describe.skipIf(needs.python())("a secure Kafka, asked with librdkafka", () => {
  it("reads the same alerts by every mechanism, and is refused where kafkajs is", async () => {
    const seen = await readWithKafkajs(kafkajsClient(settings()), topic, ownGroup(), count);
    const digest = sha256(
      seen
        .map(({ value }) => sha256(value))
        .sort()
        .join(""),
    );
    const read = (more: Partial<RdkafkaCase>): RdkafkaCase => ({
      settings: settings(),
      topic,
      group: ownGroup(),
      count,
      ...more,
    });
    const answers = askRdkafka([
      ...profiles.map((prefix) => read({ settings: settings(prefix), goesOn: true })),
      read({ group: "bob-x" }),
      read({ write: true }),
      read({ settings: { ...settings(), PASSWORD: "guess" } }),
      read({ settings: without(["CA_FILE"]), awaits: "_SSL" }),
      // with TLS 1.3 the client is ready before the broker has refused it, and may see only a closed connection
      read({ settings: without(["CERT_FILE", "KEY_FILE"], "PRACTICE_MTLS") }),
    ]);
    for (const answer of answers.slice(0, profiles.length)) {
      expect(answer).toEqual({ read: count, digest, headers: ["bootcamp-visit", "producer_timestamp"], error: "" });
    }
    expect(answers.slice(profiles.length).map(({ error }) => error)).toEqual([
      "GROUP_AUTHORIZATION_FAILED",
      "TOPIC_AUTHORIZATION_FAILED",
      "_AUTHENTICATION",
      "_SSL",
      expect.stringMatching(/^_(SSL|TRANSPORT)$/),
    ]);
  });

  it("is refused with a token that is late, unsigned, signed by somebody else, or for another user", async () => {
    const good = await askForToken(settings("PRACTICE_OAUTH"));
    const [head, claims, signature] = good.split(".");
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const bob = encode({ ...JSON.parse(Buffer.from(claims!, "base64url").toString()), sub: "bob" });
    const tokens = [
      await atHome(kafka.home, async () => makeToken("alice", Date.now() - 3_600_000)),
      `${encode({ alg: "none" })}.${claims}.`,
      `${head}.${claims}.${Buffer.alloc(64, 1).toString("base64url")}`,
      `${head}.${bob}.${signature}`,
    ];
    const ask = (token: string) => ({ settings: withoutUrl, topic, group: ownGroup(), count: 1, token });
    const withoutUrl = without(["OAUTH_TOKEN_URL"], "PRACTICE_OAUTH");
    const errors = askRdkafka([good, ...tokens].map(ask)).map(({ error }) => error);
    expect(errors).toEqual(["", ...tokens.map(() => "_AUTHENTICATION")]);
  });
});

describe("what a secure Kafka leaves where", () => {
  const secrets = () => [kafka.env["PRACTICE_PASSWORD"]!, kafka.env["PRACTICE_OAUTH_OAUTH_CLIENT_SECRET"]!];
  const filesUnder = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it("keeps keys and secrets in files of mode 600, and out of everything that is printed or logged", async () => {
    for (const file of filesUnder(join(kafka.home, "secure"))) expect([file, mode(file)]).toEqual([file, 0o600]);
    const holders = filesUnder(kafka.home).filter((file) =>
      secrets().some((word) => readFileSync(file).includes(word)),
    );
    expect(holders.map((file) => [relative(kafka.home, file), mode(file)]).sort()).toEqual([
      ["kafka/broker-1/server.properties", 0o600],
      ["secure/practice.env", 0o600],
    ]);
    const env = { BOOTCAMP_HOME: kafka.home, KAFKA_BOOTSTRAP: undefined };
    const [status, json, up] = await Promise.all(
      [["status"], ["status", "--json"], ["up", "--secure"]].map((args) => alerts(args, { env })),
    );
    expect(status!.stdout).toContain(`secure   ${kafka.env["PRACTICE_BOOTSTRAP"]}, --profile practice`);
    expect(JSON.parse(json!.stdout).secure).toMatchObject({ bootstrap: kafka.env["PRACTICE_BOOTSTRAP"] });
    expect(up!.stdout).toBe(`${kafka.bootstrap}\n`);
    expect(up!.stderr).toContain("--profile practice");
    const lines = await Promise.all((await ownPids()).map((pid) => commandLine(pid)));
    expect(lines.join("\n")).toContain("kafka.Kafka");
    const shown = JSON.stringify([status, json, up, lines]);
    for (const word of secrets()) expect(shown).not.toContain(word);
  });

  it.skipIf(process.platform !== "linux")("listens on the loopback address only", async () => {
    const listening = (await ownPids()).flatMap(listenersOf);
    // without a lock, controller, login, certificate; tokens
    expect(listening.length).toBe(5);
    for (const address of listening) expect(address).toMatch(/^(0{16}FFFF0000)?0100007F:/);
  });

  it("says to stop first when what runs is not what is asked for", async () => {
    const plain = inject("bootcampHome");
    const cases: [string, StartEngineOptions][] = [
      [plain, { secure: true }],
      [kafka.home, { secure: false }],
    ];
    for (const [home, options] of cases) {
      const asked = atHome(home, () => startEngine({ engine: "local", ...options }));
      await expect(asked).rejects.toMatchObject({ code: "USAGE", remedy: "stop it first: npx alerts down" });
    }
    for (const options of [{ engine: "docker" }, { engine: "external" }, { brokers: 3 }] as const) {
      await expect(startEngine({ secure: true, ...options })).rejects.toMatchObject({
        code: "USAGE",
        remedy: expect.stringContaining("npx alerts up --secure --engine local"),
      });
    }
  });

  it("starts the service of tokens again, and keeps data, certificates and secrets over a stop", async () => {
    const before = { ...kafka.env };
    const certificate = readFileSync(before["PRACTICE_CA_FILE"]!, "utf8");
    await atHome(kafka.home, async () => {
      await endProcess(readBackground("tokens")!.pid, 2);
      expect(await startEngine({ engine: "local", secure: true })).toMatchObject({ alreadyRunning: true });
      expect(await askForToken(settings("PRACTICE_OAUTH"))).toMatch(/^ey/);
      const pids = await ownPids();
      await stopEngine();
      expect(pids.map(isAlive)).toEqual([false, false]);
      await startEngine({ engine: "local", port: 0, secure: true });
    });
    kafka.env = readEnv(kafka.envFile);
    const names = ["PRACTICE_PASSWORD", "PRACTICE_OAUTH_OAUTH_CLIENT_SECRET"];
    for (const name of names) expect(kafka.env[name]).toBe(before[name]);
    expect(readFileSync(kafka.env["PRACTICE_CA_FILE"]!, "utf8")).toBe(certificate);
    const seen = await readWithKafkajs(kafkajsClient(settings()), topic, ownGroup(), count);
    expect(seen.length).toBe(count);
  });
});

const mode = (file: string) => statSync(file).mode & 0o777;
const ownPids = () =>
  atHome(kafka.home, async () => [...readState()!.brokers.map(({ pid }) => pid), readBackground("tokens")!.pid]);

/** Addresses that a process listens on, in the hexadecimal form of /proc/net/tcp. */
function listenersOf(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && open.includes(`socket:[${fields[9]}]`))
      .map((fields) => fields[1]!),
  );
}
