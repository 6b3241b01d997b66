import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { externalSettings } from "./credentials";

describe("the settings of an external Kafka", () => {
  it("are none without environment", () => expect(externalSettings({})).toEqual({}));

  it("take SASL and TLS", () => {
    const env = { KAFKA_TLS: "true", KAFKA_SASL_MECHANISM: "PLAIN", KAFKA_USERNAME: "alice", KAFKA_PASSWORD: "secret" };
    expect(externalSettings(env)).toEqual({
      ssl: true,
      sasl: { mechanism: "plain", username: "alice", password: "secret" },
    });
  });

  it("read the certificate of a private authority", () => {
    const folder = mkdtempSync(join(tmpdir(), "bootcamp-ca-"));
    writeFileSync(join(folder, "ca.pem"), "PEM");
    expect(externalSettings({ KAFKA_CA_FILE: join(folder, "ca.pem") })).toEqual({ ssl: { ca: ["PEM"] } });
    rmSync(folder, { recursive: true });
    const absent = () => externalSettings({ KAFKA_CA_FILE: join(folder, "ca.pem") });
    expect(absent).toThrowError(expect.objectContaining({ code: "FILE_NOT_FOUND" }));
  });

  it.each([
    [{ KAFKA_TLS: "maybe" }, /KAFKA_TLS/],
    [{ KAFKA_SASL_MECHANISM: "gssapi" }, /gssapi/],
    [{ KAFKA_USERNAME: "alice" }, /KAFKA_PASSWORD/],
  ])("refuse %o", (env, message) => {
    expect(() => externalSettings(env)).toThrowError(expect.objectContaining({ code: "USAGE" }));
    expect(() => externalSettings(env)).toThrowError(message);
  });

  it("never put a password into an error", () => {
    const env = { KAFKA_SASL_MECHANISM: "plain", KAFKA_PASSWORD: "secret" };
    expect(() => externalSettings(env)).toThrowError(
      expect.not.objectContaining({ message: expect.stringContaining("secret") }),
    );
  });
});
