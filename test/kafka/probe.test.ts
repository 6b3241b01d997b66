// @module-tag long
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createWebServer } from "node:http";
import { connect, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readState } from "../../src/broker/engine-state";
import { endBrokers } from "../../src/engine/local/local";
import { reviveLocal } from "../../src/engine/local/start-local";
import { freePort } from "../../src/engine/process/ports";
import { createTopic, deleteTopic, listTopics } from "../../src/kafka/admin/topics";
import { probeBroker } from "../../src/kafka/probe/probe";
import { publish } from "../../src/kafka/publish/publish";
import { subscribe } from "../../src/kafka/read/subscribe";
import { simulateNight } from "../../src/simulate/night";
import { alerts } from "../helpers/alerts-command";
import { atHome } from "../helpers/kafka";
import { type SecureKafka, startSecureKafka } from "../helpers/secure";
import {
  type Change,
  clearCase,
  denyTopic,
  errorOfReading,
  expectBoth,
  failedStage,
  listen,
  selfSigned,
  setProfile,
} from "./broken-profile";

let kafka: SecureKafka;
const before = { ...process.env };
const count = 30;
/** A secure broker starts in seconds, but not on a machine that is busy. */
const patienceMs = 180_000;

beforeAll(async () => {
  kafka = await startSecureKafka();
  process.env.BOOTCAMP_HOME = kafka.home;
  delete process.env.KAFKA_BOOTSTRAP;
  const admin = { bootstrap: kafka.bootstrap };
  const night = simulateNight({ seed: 5, visits: 3, alerts: count });
  await publish(night, { ...admin, topic: "night", partitions: 5, fast: true });
  await createTopic("empty", admin);
  await createTopic("closed", admin);
  await denyTopic(kafka.bootstrap, "closed");
}, patienceMs);
afterAll(async () => {
  process.env = before;
  await kafka?.stop();
});

afterEach(clearCase);

const setCase = (change: Change, from?: string) => setProfile(kafka.env, change, from);
const noLogin = { SASL_MECHANISM: undefined, USERNAME: undefined, PASSWORD: undefined };

describe("a connection that fails", () => {
  it("at the host's name", async () => {
    setCase({ BOOTSTRAP: "no-such-host.invalid:9092" });
    await expectBoth("name", "host-unknown", "KAFKA_UNREACHABLE", /host name is unknown/);
  });

  it("at the port", async () => {
    setCase({ BOOTSTRAP: `127.0.0.1:${await freePort()}` });
    await expectBoth("port", "port-closed", "KAFKA_UNREACHABLE", /none answers/);
  });

  it("because the port speaks plain text", async () => {
    setCase({ BOOTSTRAP: kafka.bootstrap });
    await expectBoth("tls", "tls-refused", "KAFKA_TLS", /speak TLS, it is a plain-text port/);
  });

  it("because the port wants TLS", async () => {
    setCase({ CA_FILE: undefined });
    await expectBoth("tls", "tls-needed", "KAFKA_TLS", /it wants TLS/);
  });

  it("because no known authority signed the certificate", async () => {
    setCase({ CA_FILE: undefined, TLS: "true" });
    await expectBoth("tls", "certificate-untrusted", "KAFKA_TLS", /not signed by a known authority/);
  });

  it("because another authority signed it", async () => {
    setCase({ CA_FILE: (await selfSigned(kafka.home, "other")).certFile });
    await expectBoth("tls", "certificate-untrusted", "KAFKA_TLS", /not signed by the authority that was set/);
  });

  // only Linux has more loopback addresses than one from the start
  it.skipIf(process.platform !== "linux")("because the certificate is for another name", async () => {
    const [host, port] = kafka.env.PRACTICE_BOOTSTRAP!.split(":");
    const relay = await listen(
      createServer((socket) => {
        const onward = connect(Number(port), host);
        socket.on("error", () => {}).pipe(onward.on("error", () => {}));
        onward.pipe(socket);
      }),
      "127.0.0.2",
    );
    setCase({ BOOTSTRAP: relay.address });
    await expectBoth(
      "tls",
      "certificate-name",
      "KAFKA_TLS",
      /certificate for 127\.0\.0\.2, it is for localhost, 127\.0\.0\.1/,
    );
    relay.close();
  });

  it("because the certificate has ended", async () => {
    const [notBeforeDate, notAfterDate] = [new Date("2020-01-01T00:00Z"), new Date("2020-12-31T00:00Z")];
    const old = await selfSigned(kafka.home, "localhost", { notBeforeDate, notAfterDate });
    const server = await listen(createTlsServer(old));
    setCase({ BOOTSTRAP: server.address, CA_FILE: old.certFile });
    await expectBoth("tls", "certificate-expired", "KAFKA_TLS", /it is for 2020-01-01 to 2020-12-31/);
    server.close();
  });

  it("because a client certificate is missing, or is of another authority", async () => {
    setCase({ CERT_FILE: undefined, KEY_FILE: undefined }, "PRACTICE_MTLS_");
    await expectBoth("tls", "client-certificate", "KAFKA_TLS", /it wants a client certificate/);
    const { certFile, keyFile } = await selfSigned(kafka.home, "alice");
    setCase({ CERT_FILE: certFile, KEY_FILE: keyFile }, "PRACTICE_MTLS_");
    await expectBoth("tls", "client-certificate", "KAFKA_TLS", /accept the client certificate, it did not/);
  });

  it("because a login is missing, or none is taken", async () => {
    setCase(noLogin);
    await expectBoth("login", "login-needed", "KAFKA_LOGIN", /wants one: .*SCRAM-SHA-512/);
    setCase({ BOOTSTRAP: kafka.bootstrap, CA_FILE: undefined, SASL_MECHANISM: "plain", USERNAME: "a", PASSWORD: "b" });
    await expectBoth("login", "login-not-taken", "KAFKA_LOGIN", /this port takes none/);
  });

  it.each(["scram-sha-512", "scram-sha-256", "plain"])("because the password of %s is wrong", async (mechanism) => {
    setCase({ SASL_MECHANISM: mechanism, PASSWORD: "not-the-password" });
    await expectBoth("login", "password", "KAFKA_LOGIN", /accept the user name and password, it did not/);
  });

  it("because the token is forged, or there is none", async () => {
    const forged = createWebServer((_, response) =>
      response.end('{"access_token":"eyJhbGciOiJub25lIn0.e30.","expires_in":60}'),
    );
    const server = await listen(forged);
    setCase({ OAUTH_TOKEN_URL: `http://${server.address}/token` }, "PRACTICE_OAUTH_");
    await expectBoth("login", "token", "KAFKA_LOGIN", /accept the token, it did not/);
    server.close();
    setCase({ OAUTH_CLIENT_SECRET: "not-the-secret" }, "PRACTICE_OAUTH_");
    await expectBoth("login", "token", "KAFKA_LOGIN", /gives no token: status 401, invalid_client/);
  });

  it("because the group is not one of this user's", async () => {
    setCase({ GROUP_PREFIX: undefined });
    await expectBoth("group", "group-forbidden", "GROUP_FORBIDDEN", /let group "bob-1" read/, "night", "bob-1");
    expect(await errorOfReading("night", { group: "bob-1" })).toMatchObject({
      code: "GROUP_FORBIDDEN",
      remedy: expect.stringContaining("CASE_GROUP_PREFIX"),
    });
  });

  it("because the topic is not there, not open, or empty", async () => {
    setCase({});
    await expectBoth(
      "topic",
      "topic-absent",
      "TOPIC_ABSENT",
      /"nothing" at \S+, there is none of that name/,
      "nothing",
    );
    await expectBoth(
      "topic",
      "topic-forbidden",
      "TOPIC_FORBIDDEN",
      /open topic "closed" to this user, it did not/,
      "closed",
    );
    expect(await failedStage("empty")).toMatchObject({ stage: "topic", problem: "topic-empty" });
    expect(await errorOfReading("empty")).toMatchObject({ code: "TOPIC_EMPTY" });
    expect(await listTopics({ profile: "case" })).not.toContain("nothing");
  });
});

describe("a profile", () => {
  it("keeps to its group prefix before anything is asked", async () => {
    setCase({ BOOTSTRAP: `127.0.0.1:${await freePort()}` });
    expect(await errorOfReading("night", { group: "bob-1" })).toMatchObject({
      code: "GROUP_FORBIDDEN",
      message: expect.stringContaining('begins with "alice-", got "bob-1"'),
    });
    const { stages } = await probeBroker({ profile: "case", group: "bob-1" });
    expect(stages).toMatchObject([{ stage: "settings", state: "failed" }]);
  });

  it.each(["practice", "practice-scram256", "practice-plain", "practice-mtls", "practice-oauth"])(
    "%s reads every alert, under a group it makes up",
    async (profile) => {
      const found = await (await subscribe("night", { profile, progress: false })).toArray();
      expect(found.length).toBe(count);
      const { ok, stages } = await probeBroker({ profile, topic: "night" });
      expect(stages.filter(({ state }) => state !== "ok")).toEqual([]);
      expect(ok).toBe(true);
    },
  );

  it("tells nothing new from an empty topic", async () => {
    const group = "alice-reader";
    const read = async () => (await subscribe("night", { profile: "practice", group, progress: false })).toArray();
    const groupStage = async () => {
      const { stages } = await probeBroker({ profile: "practice", topic: "night", group });
      return stages.find(({ stage }) => stage === "group")?.found;
    };
    expect(await groupStage()).toBe(`${group} may read, and has read nothing yet: ${count} to come`);
    expect((await read()).length).toBe(count);
    expect(await groupStage()).toBe(`${group} has read all there is, nothing new`);
    expect(await read()).toEqual([]);
    setCase({});
    expect(await errorOfReading("night", { from: "latest" })).toMatchObject({ code: "NOTHING_NEW" });
  });

  it("tells when the last alert came", async () => {
    const { stages } = await probeBroker({ bootstrap: kafka.bootstrap, topic: "night" });
    const stage = stages.find((one) => one.stage === "topic");
    expect(stage?.found).toMatch(new RegExp(`night holds ${count} alerts in 5 partitions, the last at \\S+ UTC`));
    const times: number[] = [];
    for await (const { origin } of await subscribe("night", { bootstrap: kafka.bootstrap, progress: false })) {
      if (origin.kind === "kafka") times.push(origin.timestampMs);
    }
    expect(stage?.found).toContain(new Date(Math.max(...times)).toISOString().slice(0, 19));
  });

  it("may not write where the user may only read", async () => {
    const night = () => simulateNight({ seed: 1, visits: 1, alerts: 1 });
    const denied = publish(night(), { profile: "practice", topic: "night" });
    const forbidden = { code: "TOPIC_FORBIDDEN", where: "night" };
    await expect(denied).rejects.toMatchObject({ ...forbidden, message: expect.stringContaining('write "night"') });
    await expect(deleteTopic("night", { profile: "practice" })).rejects.toMatchObject(forbidden);
    expect(await (await subscribe("night", { profile: "practice", progress: false })).count()).toBe(count);
  });

  it("gives no password to an address that is not its own", async () => {
    setCase({});
    process.env.KAFKA_PROFILE = "case";
    const { stages } = await probeBroker({ bootstrap: kafka.bootstrap });
    delete process.env.KAFKA_PROFILE;
    expect(stages.find(({ stage }) => stage === "settings")?.found).toMatch(/plain text, no login/);
  });
});

describe("alerts --profile and doctor --broker", () => {
  it("print a topic, and end with 1 and the reason when a stage fails", async () => {
    const env = { BOOTCAMP_HOME: kafka.home, KAFKA_BOOTSTRAP: "" };
    const printed = await alerts(["print", "night", "--profile", "practice"], { env });
    expect(printed.stderr).toContain(`read ${count}, printed ${count}, failed 0`);
    const well = await alerts(["doctor", "--broker", "--profile", "practice", "--topic", "night"], { env });
    expect(well.stdout).toMatch(/^✓ login {5}as alice by SCRAM-SHA-512$/m);
    expect(well.code).toBe(0);
    const secret = {
      PRACTICE_BOOTSTRAP: kafka.env.PRACTICE_BOOTSTRAP,
      PRACTICE_USERNAME: "alice",
      PRACTICE_PASSWORD: "hunter2",
    };
    const args = ["doctor", "--broker", "--profile", "practice", "--json"];
    const sick = await alerts(args, { env: { ...env, ...secret, PRACTICE_CA_FILE: kafka.env.PRACTICE_CA_FILE } });
    expect(sick.code).toBe(1);
    expect(JSON.parse(sick.stdout)).toMatchObject({ ok: false, profile: "practice" });
    expect(sick.stdout).toContain('"problem":"password"');
    expect(sick.stdout + sick.stderr).not.toContain("hunter2");
  });
});

// last: the broker is started again with fewer mechanisms
describe("a broker that offers another mechanism", () => {
  it(
    "is asked which",
    async () => {
      await atHome(kafka.home, async () => {
        const state = readState()!;
        await endBrokers(state.brokers);
        const { config } = state.brokers[0]!;
        const fewer = readFileSync(config, "utf8").replace(
          /^sasl\.enabled\.mechanisms=.*$/m,
          "sasl.enabled.mechanisms=SCRAM-SHA-512",
        );
        writeFileSync(config, fewer);
        await reviveLocal(state, () => {});
      });
      setCase({ SASL_MECHANISM: "plain" });
      await expectBoth("login", "mechanism", "KAFKA_LOGIN", /logins by PLAIN, it offers SCRAM-SHA-512/);
    },
    patienceMs,
  );
});
