import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerProfile, externalSettings } from "./credentials";

let folder: string;
let certificate: string;
let key: string;
const file = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bootcamp-profile-"));
  const made = await generate([{ name: "commonName", value: "test" }]);
  [certificate, key] = [made.cert, made.private];
  writeFileSync(file("ca.pem"), certificate);
  writeFileSync(file("key.pem"), key);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(file("other.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  const locked = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" } as const;
  writeFileSync(file("locked.key"), privateKey.export(locked));
  writeFileSync(file("nothing.pem"), "nothing");
});
afterAll(() => rmSync(folder, { recursive: true }));

const usage = (message: RegExp) => expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) });
const errorOf = (env: NodeJS.ProcessEnv, profile?: string): Error => {
  try {
    brokerProfile(profile, env);
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected an error");
};

describe("the settings of an external Kafka", () => {
  it("are none without environment", () => expect(externalSettings({})).toEqual({}));

  it("take SASL and TLS", () => {
    const env = { KAFKA_TLS: "true", KAFKA_SASL_MECHANISM: "PLAIN", KAFKA_USERNAME: "alice", KAFKA_PASSWORD: "secret" };
    expect(externalSettings(env)).toEqual({
      ssl: true,
      sasl: { mechanism: "plain", username: "alice", password: "secret" },
    });
  });

  it("read the certificate of a private authority, and one's own with its key", () => {
    const env = { KAFKA_CA_FILE: file("ca.pem"), KAFKA_CERT_FILE: file("ca.pem"), KAFKA_KEY_FILE: file("key.pem") };
    expect(externalSettings(env)).toEqual({ ssl: { ca: [certificate], cert: certificate, key } });
  });

  it.each([
    [{ KAFKA_TLS: "maybe" }, /KAFKA_TLS/],
    [{ KAFKA_SASL_MECHANISM: "gssapi" }, /gssapi/],
    [{ KAFKA_USERNAME: "alice" }, /KAFKA_PASSWORD/],
    [{ KAFKA_KEY_PASSPHRASE: "x" }, /KAFKA_CERT_FILE and KAFKA_KEY_FILE/],
  ])("refuse %o", (env, message) => {
    expect(() => externalSettings(env)).toThrowError(usage(message));
  });

  it("do not concern the Kafka that is started here", () => {
    expect(brokerProfile(undefined, { KAFKA_TLS: "true" })).toMatchObject({ bootstrap: undefined, settings: {} });
  });

  it("name a file that is not there, cannot be used, or does not fit", () => {
    const ssl = (names: Record<string, string>) => () =>
      externalSettings(Object.fromEntries(Object.entries(names).map(([name, value]) => [`KAFKA_${name}`, value])));
    const absent = { code: "FILE_NOT_FOUND", where: file("absent"), message: expect.stringContaining("KAFKA_CA_FILE") };
    expect(ssl({ CA_FILE: file("absent") })).toThrowError(expect.objectContaining(absent));
    expect(ssl({ CA_FILE: folder })).toThrowError(expect.objectContaining({ code: "FILE_ACCESS" }));
    expect(ssl({ CA_FILE: file("nothing.pem") })).toThrowError(usage(/certificate in PEM form for KAFKA_CA_FILE/));
    const own = (name: string) => ({ CERT_FILE: file("ca.pem"), KEY_FILE: file(name) });
    expect(ssl(own("nothing.pem"))).toThrowError(usage(/private key in PEM form/));
    expect(ssl(own("other.key"))).toThrowError(usage(/key of the certificate .* got another key/));
    expect(ssl(own("locked.key"))).toThrowError(usage(/KAFKA_KEY_PASSPHRASE to open the key, got none/));
    expect(ssl({ ...own("locked.key"), KEY_PASSPHRASE: "wrong" })).toThrowError(usage(/got one that does not/));
    expect(ssl({ ...own("locked.key"), KEY_PASSPHRASE: "open sesame" })).toThrowError(usage(/another key/));
    expect(ssl({ CA_FILE: file("ca.pem"), TLS: "false" })).toThrowError(usage(/KAFKA_TLS=true beside files/));
  });
});

describe("a broker profile", () => {
  const env = {
    FINK_BOOTSTRAP: "fink.example:9092",
    FINK_USERNAME: "me",
    FINK_PASSWORD: "hunter2",
    FINK_GROUP_PREFIX: "me-",
    MY_LAB_BOOTSTRAP: "lab.example:9092",
    KAFKA_BOOTSTRAP: "main.example:9092",
    KAFKA_TLS: "true",
  };

  it("has its own variables", () => {
    const sasl = { mechanism: "scram-sha-512", username: "me", password: "hunter2" };
    const fink = {
      name: "fink",
      prefix: "FINK_",
      bootstrap: "fink.example:9092",
      settings: { sasl },
      groupPrefix: "me-",
    };
    expect(brokerProfile("fink", env)).toEqual(fink);
    expect(brokerProfile("my-lab", env)).toMatchObject({
      bootstrap: "lab.example:9092",
      settings: {},
      groupPrefix: "",
    });
    expect(brokerProfile(undefined, env)).toMatchObject({ bootstrap: "main.example:9092", settings: { ssl: true } });
    expect(brokerProfile(undefined, { ...env, KAFKA_PROFILE: "fink" }).name).toBe("fink");
    expect(brokerProfile("kafka", { ...env, KAFKA_PROFILE: "fink" }).bootstrap).toBe("main.example:9092");
    const spaces = brokerProfile("fink", { ...env, FINK_USERNAME: " me ", FINK_PASSWORD: " hunter2 " });
    expect(spaces.settings.sasl).toMatchObject({ username: "me", password: " hunter2 " });
  });

  it("lists all that is missing at once, and what there is", () => {
    const partly = errorOf({ ABC_SASL_MECHANISM: "plain", ABC_KEY_FILE: "k" }, "abc");
    expect(partly.message).toBe(
      "Expected ABC_BOOTSTRAP, ABC_CERT_FILE, ABC_USERNAME and ABC_PASSWORD for the broker profile abc, they are not set",
    );
    const oauth = errorOf({ ABC_BOOTSTRAP: "a:1", ABC_SASL_MECHANISM: "oauthbearer" }, "abc");
    expect(oauth.message).toMatch(/ABC_OAUTH_TOKEN_URL, ABC_OAUTH_CLIENT_ID and ABC_OAUTH_CLIENT_SECRET/);
    expect(errorOf(env, "finck")).toMatchObject({ remedy: expect.stringContaining("profiles fink, kafka, my-lab") });
    expect(errorOf(env, "../x")).toEqual(usage(/profile named by letters/));
  });

  it("never puts a secret into an error", () => {
    const secrets = { FINK_BOOTSTRAP: "", FINK_PASSWORD: "hunter2", FINK_OAUTH_CLIENT_SECRET: "hunter2" };
    for (const change of [
      {},
      { FINK_TLS: "perhaps" },
      { FINK_KEY_PASSPHRASE: "hunter2" },
      { FINK_SASL_MECHANISM: "x" },
    ]) {
      const error = errorOf({ ...secrets, ...change }, "fink") as Error & { remedy?: string };
      expect(JSON.stringify([error.message, error.remedy, error.stack])).not.toContain("hunter2");
    }
  });

  it("is read from the engine's file for practice, unless the environment has it", () => {
    const before = process.env.BOOTCAMP_HOME;
    process.env.BOOTCAMP_HOME = folder;
    try {
      expect(errorOf({}, "practice")).toMatchObject({ code: "USAGE", remedy: "npx alerts up --secure" });
      mkdirSync(file("secure"));
      const lines = [
        'PRACTICE_BOOTSTRAP="127.0.0.1:1"',
        "PRACTICE_GROUP_PREFIX=alice-",
        "PRACTICE_MTLS_BOOTSTRAP=127.0.0.1:2",
      ];
      writeFileSync(join(folder, "secure", "practice.env"), lines.join("\n"));
      expect(brokerProfile("practice", {})).toMatchObject({ bootstrap: "127.0.0.1:1", groupPrefix: "alice-" });
      expect(brokerProfile("practice-mtls", {}).bootstrap).toBe("127.0.0.1:2");
      expect(brokerProfile("practice", { PRACTICE_BOOTSTRAP: "127.0.0.1:3" })).toMatchObject({
        bootstrap: "127.0.0.1:3",
        groupPrefix: "",
      });
    } finally {
      if (before === undefined) delete process.env.BOOTCAMP_HOME;
      else process.env.BOOTCAMP_HOME = before;
    }
  });
});
