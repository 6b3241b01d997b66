import { parseEnv } from "node:util";
import { BootcampError, usageError } from "../errors";
import { readPrivate } from "../private-files";
import { practiceEnvFile } from "./engine-state";

/** What a profile may set, each with the prefix of the profile before it. */
export const profileVariables = [
  "BOOTSTRAP",
  "TLS",
  "CA_FILE",
  "CERT_FILE",
  "KEY_FILE",
  "KEY_PASSPHRASE",
  "SASL_MECHANISM",
  "USERNAME",
  "PASSWORD",
  "OAUTH_TOKEN_URL",
  "OAUTH_CLIENT_ID",
  "OAUTH_CLIENT_SECRET",
  "OAUTH_SCOPE",
  "GROUP_PREFIX",
] as const;

export type ProfileVariable = (typeof profileVariables)[number];
export type ProfileValues = Partial<Record<ProfileVariable, string>>;

const secret = /PASSWORD|PASSPHRASE|SECRET/;

/** The profile that needs no name: its variables begin with `KAFKA_`. */
export const DEFAULT_PROFILE = "kafka";

/** Prefix of the variables of a profile: `fink` → `FINK_`, `practice-mtls` → `PRACTICE_MTLS_`. */
export function prefixOf(profile: string): string {
  if (!/^[a-z][a-z0-9-]{0,40}$/i.test(profile)) {
    throw usageError(
      "a profile named by letters, digits and -",
      profile,
      'e.g. "fink", for variables that begin with FINK_',
    );
  }
  return `${profile.toUpperCase().replaceAll("-", "_")}_`;
}

/** Values of a profile's variables; empty ones count as not set. Practice profiles are also read from the engine's file. */
export function valuesOf(profile: string, env: NodeJS.ProcessEnv): ProfileValues {
  const prefix = prefixOf(profile);
  const isPractice = /^practice(-|$)/i.test(profile);
  const found: NodeJS.ProcessEnv =
    isPractice && !env[`${prefix}BOOTSTRAP`]?.trim() ? { ...practiceFile(), ...definedIn(env) } : env;
  const values: ProfileValues = {};
  for (const variable of profileVariables) {
    const value = found[prefix + variable];
    // a secret may begin or end with a space
    if (value?.trim()) values[variable] = secret.test(variable) ? value : value.trim();
  }
  return values;
}

/** Names of the profiles that have an address in the environment, for an error about one that has none. */
export function profilesIn(env: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(env).filter((name) => /^[A-Z][A-Z0-9_]*_BOOTSTRAP$/.test(name) && env[name]?.trim());
  return names.map((name) => name.slice(0, -"_BOOTSTRAP".length).toLowerCase().replaceAll("_", "-")).sort();
}

const definedIn = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));

function practiceFile(): NodeJS.ProcessEnv {
  const text = readPrivate(practiceEnvFile());
  if (text !== undefined) return parseEnv(text) as NodeJS.ProcessEnv;
  throw new BootcampError("USAGE", "Expected a practice broker that was started here, there is none", {
    remedy: "npx alerts up --secure",
  });
}
