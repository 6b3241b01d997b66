import { randomBytes } from "node:crypto";
import { practiceEnvFile, type SecureState } from "../../broker/engine-state";
import { readPrivate, writePrivate } from "../../private-files";
import { certificateFiles } from "./certificates";

/** The one user of a secure engine. May read every topic that is not Kafka's own, in groups whose names begin with {@link PRACTICE_GROUPS}. */
export const PRACTICE_USER = "alice";
export const PRACTICE_GROUPS = `${PRACTICE_USER}-`;
/** Who asks for tokens on the user's behalf. */
export const PRACTICE_CLIENT = `${PRACTICE_USER}-client`;

/** What proves who one is. */
export interface PracticeSecrets {
  /** Of the practice user, for SCRAM and PLAIN. */
  password: string;
  /** Of the client that asks for tokens. */
  clientSecret: string;
}

/** The secrets of this engine: random, made once. They stand in files of mode 600 in its folder, and nowhere else. */
export function practiceSecrets(): PracticeSecrets {
  const file = practiceEnvFile();
  const text = readPrivate(file) ?? "";
  const kept = (name: string) => new RegExp(`^${name}=([\\w-]{24})$`, "m").exec(text)?.[1];
  const made = () => randomBytes(18).toString("base64url");
  return {
    password: kept("PRACTICE_PASSWORD") ?? made(),
    clientSecret: kept("PRACTICE_OAUTH_OAUTH_CLIENT_SECRET") ?? made(),
  };
}

/**
 * Writes the settings of the profiles: `practice` logs in as Rubin's brokers do (SCRAM-SHA-512), the others show each
 * further mechanism at the same broker.
 */
export function writeProfiles(secure: SecureState, { password, clientSecret }: PracticeSecrets): void {
  const common = { CA_FILE: quoted(certificateFiles.ca()), GROUP_PREFIX: PRACTICE_GROUPS };
  const door = (mechanism: string) => ({ BOOTSTRAP: secure.bootstrap, ...common, SASL_MECHANISM: mechanism });
  const login = (mechanism: string) => ({ ...door(mechanism), USERNAME: PRACTICE_USER, PASSWORD: password });
  const profiles = {
    PRACTICE: login("scram-sha-512"),
    PRACTICE_SCRAM256: login("scram-sha-256"),
    PRACTICE_PLAIN: login("plain"),
    PRACTICE_OAUTH: {
      ...door("oauthbearer"),
      OAUTH_TOKEN_URL: secure.tokenUrl,
      OAUTH_CLIENT_ID: PRACTICE_CLIENT,
      OAUTH_CLIENT_SECRET: clientSecret,
    },
    PRACTICE_MTLS: {
      BOOTSTRAP: secure.mtlsBootstrap,
      ...common,
      CERT_FILE: quoted(certificateFiles.clientCertificate()),
      KEY_FILE: quoted(certificateFiles.clientKey()),
    },
  };
  const sections = Object.entries(profiles).map(([prefix, settings]) =>
    Object.entries(settings).map(([name, value]) => `${prefix}_${name}=${value}\n`),
  );
  const heading = '# Written by "alerts up --secure" at every start; edits are lost. Holds a password.\n';
  writePrivate(secure.envFile, [heading, ...sections.map((lines) => lines.join(""))].join("\n"));
}

/** As a file of settings wants a path with spaces. */
const quoted = (path: string) => `"${path}"`;
