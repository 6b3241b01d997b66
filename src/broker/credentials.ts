import type { KafkaConfig, SASLOptions } from "kafkajs";
import { BootcampError } from "../errors";
import { oauthLogin } from "./oauth-login";
import { tokenSource } from "./oauth-token";
import {
  DEFAULT_PROFILE,
  type ProfileValues,
  type ProfileVariable,
  prefixOf,
  profilesIn,
  profileVariables,
  valuesOf,
} from "./profile-variables";
import { readTlsFiles } from "./tls-files";

export { DEFAULT_PROFILE } from "./profile-variables";

/** TLS and SASL as kafkajs takes them. */
export type BrokerSettings = Pick<KafkaConfig, "ssl" | "sasl">;

/** A named set of connection settings. */
export interface BrokerProfile {
  name: string;
  /** What its variables begin with: `KAFKA_` for the default one, `FINK_` for `fink`. */
  prefix: string;
  /** `host:port`, several with commas; undefined for the default profile without KAFKA_BOOTSTRAP. */
  bootstrap: string | undefined;
  settings: BrokerSettings;
  /** What consumer groups of this user have to begin with; empty for no rule. */
  groupPrefix: string;
}

const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"] as const;
type Mechanism = (typeof MECHANISMS)[number];

/**
 * The settings of a profile, from the environment (see `.env.example`). Values are never printed.
 *
 * @param name e.g. "fink"; default: `KAFKA_PROFILE`, else the variables that begin with `KAFKA_`
 * @throws USAGE when a value is not known or variables are missing: all of them in one error
 * @throws FILE_NOT_FOUND, FILE_ACCESS when a certificate or key cannot be read
 */
export function brokerProfile(name?: string, env: NodeJS.ProcessEnv = process.env): BrokerProfile {
  const chosen = name ?? (env.KAFKA_PROFILE?.trim() || DEFAULT_PROFILE);
  const prefix = prefixOf(chosen);
  const values = valuesOf(chosen, env);
  const common = { name: chosen.toLowerCase(), prefix };
  // without an address the default profile is the engine here, which the other variables do not concern
  if (prefix === prefixOf(DEFAULT_PROFILE) && !values.BOOTSTRAP) {
    return { ...common, bootstrap: undefined, settings: {}, groupPrefix: "" };
  }
  checkComplete(chosen, prefix, ["BOOTSTRAP"], values, env);
  const settings = settingsOf(prefix, values);
  return { ...common, bootstrap: values.BOOTSTRAP, settings, groupPrefix: values.GROUP_PREFIX ?? "" };
}

/** TLS and SASL of the broker that `KAFKA_BOOTSTRAP` names; throws as {@link brokerProfile}. */
export function externalSettings(env: NodeJS.ProcessEnv = process.env): BrokerSettings {
  const values = valuesOf(DEFAULT_PROFILE, env);
  const prefix = prefixOf(DEFAULT_PROFILE);
  checkComplete(DEFAULT_PROFILE, prefix, [], values, env);
  return settingsOf(prefix, values);
}

function settingsOf(prefix: string, values: ProfileValues): BrokerSettings {
  const files = readTlsFiles({
    prefix,
    caFile: values.CA_FILE,
    certFile: values.CERT_FILE,
    keyFile: values.KEY_FILE,
    passphrase: values.KEY_PASSPHRASE,
  });
  const hasFiles = Object.keys(files).length > 0;
  const tls = isTrue(`${prefix}TLS`, values.TLS);
  if (tls === false && hasFiles) throw wrong(`${prefix}TLS=true beside files for TLS`, "false");
  const settings: BrokerSettings = {};
  if (hasFiles) settings.ssl = files;
  else if (tls) settings.ssl = true;
  const mechanism = mechanismOf(prefix, values);
  if (mechanism) settings.sasl = loginOf(mechanism, prefix, values);
  return settings;
}

function loginOf(mechanism: Mechanism, prefix: string, values: ProfileValues): NonNullable<BrokerSettings["sasl"]> {
  const { USERNAME: username = "", PASSWORD: password = "" } = values;
  if (mechanism !== "oauthbearer") return { mechanism, username, password } as SASLOptions;
  const source = tokenSource({
    url: values.OAUTH_TOKEN_URL ?? "",
    clientId: values.OAUTH_CLIENT_ID ?? "",
    clientSecret: values.OAUTH_CLIENT_SECRET ?? "",
    scope: values.OAUTH_SCOPE,
    prefix,
  });
  return oauthLogin(source);
}

function mechanismOf(prefix: string, values: ProfileValues): Mechanism | undefined {
  const wanted = values.SASL_MECHANISM?.toLowerCase();
  if (wanted !== undefined) {
    const known = MECHANISMS.find((name) => name === wanted);
    if (!known) throw wrong(`${prefix}SASL_MECHANISM as one of ${MECHANISMS.join(", ")}`, wanted);
    return known;
  }
  if (values.USERNAME || values.PASSWORD) return "scram-sha-512"; // what the brokers of the field use
  return profileVariables.some((name) => name.startsWith("OAUTH_") && values[name]) ? "oauthbearer" : undefined;
}

/** What has to be there: always `needed`, and more because of what is set. */
function missingIn(prefix: string, needed: readonly ProfileVariable[], values: ProfileValues): ProfileVariable[] {
  const all: ProfileVariable[] = [...needed];
  const mechanism = mechanismOf(prefix, values);
  if (values.CERT_FILE || values.KEY_FILE || values.KEY_PASSPHRASE) all.push("CERT_FILE", "KEY_FILE");
  if (mechanism === "oauthbearer") all.push("OAUTH_TOKEN_URL", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET");
  else if (mechanism) all.push("USERNAME", "PASSWORD");
  return all.filter((variable) => !values[variable]);
}

function checkComplete(
  name: string,
  prefix: string,
  needed: readonly ProfileVariable[],
  values: ProfileValues,
  env: NodeJS.ProcessEnv,
): void {
  const missing = missingIn(prefix, needed, values).map((variable) => prefix + variable);
  if (missing.length === 0) return;
  const there = profilesIn(env);
  const known =
    Object.keys(values).length === 0 && there.length > 0 ? `; there are the profiles ${there.join(", ")}` : "";
  const are = missing.length === 1 ? "it is" : "they are";
  throw new BootcampError("USAGE", `Expected ${list(missing)} for the broker profile ${name}, ${are} not set`, {
    remedy: `set ${missing.length === 1 ? "it" : "them"} in .env or the environment, see .env.example${known}`,
  });
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

function isTrue(variable: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(1|true)$/i.test(text)) return true;
  if (/^(0|false)$/i.test(text)) return false;
  throw wrong(`${variable} as true or false`, text);
}

function wrong(expected: string, got: string): BootcampError {
  return new BootcampError("USAGE", `Expected ${expected}, got ${got}`, {
    remedy: "see .env.example for the settings",
  });
}
