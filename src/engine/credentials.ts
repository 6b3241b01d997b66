import { readFileSync } from "node:fs";
import type { KafkaConfig, SASLOptions } from "kafkajs";
import { BootcampError } from "../errors";

const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/**
 * TLS and SASL settings of the broker that `KAFKA_BOOTSTRAP` names, from the environment: `KAFKA_TLS`, `KAFKA_CA_FILE`,
 * `KAFKA_SASL_MECHANISM`, `KAFKA_USERNAME`, `KAFKA_PASSWORD` (see `.env.example`). Values are never printed.
 *
 * @throws USAGE when a setting is unknown or one of a pair is missing
 * @throws FILE_NOT_FOUND when the certificate file cannot be read
 */
export function externalSettings(env: NodeJS.ProcessEnv = process.env): Pick<KafkaConfig, "ssl" | "sasl"> {
  const settings: Pick<KafkaConfig, "ssl" | "sasl"> = {};
  const caFile = env.KAFKA_CA_FILE;
  const tls = (env.KAFKA_TLS ?? "").toLowerCase();
  if (!["", "0", "1", "false", "true"].includes(tls)) throw wrong("KAFKA_TLS as true or false", tls);
  if (caFile) settings.ssl = { ca: [readCertificate(caFile)] };
  else if (tls === "1" || tls === "true") settings.ssl = true;

  const mechanism = env.KAFKA_SASL_MECHANISM?.toLowerCase();
  const username = env.KAFKA_USERNAME;
  const password = env.KAFKA_PASSWORD;
  if (mechanism || username || password) {
    const known = MECHANISMS.find((name) => name === (mechanism ?? "scram-sha-512"));
    if (!known) throw wrong(`KAFKA_SASL_MECHANISM as one of ${MECHANISMS.join(", ")}`, mechanism ?? "");
    if (!username || !password) throw wrong("KAFKA_USERNAME and KAFKA_PASSWORD", "only one of them");
    settings.sasl = { mechanism: known, username, password } as SASLOptions;
  }
  return settings;
}

function wrong(expected: string, got: string): BootcampError {
  return new BootcampError("USAGE", `Expected ${expected}, got ${got}`, {
    remedy: "see .env.example for the settings",
  });
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new BootcampError("FILE_NOT_FOUND", `KAFKA_CA_FILE cannot be read: ${(cause as Error).message}`, {
      where: file,
      remedy: "set KAFKA_CA_FILE to the broker's CA certificate in PEM form",
      cause,
    });
  }
}
