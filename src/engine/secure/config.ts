import type { SecureState } from "../../broker/engine-state";
import { certificateFiles } from "./certificates";
import { PRACTICE_USER } from "./practice";
import { KEYS_PATH, TOKEN_AUDIENCE, TOKEN_ISSUER } from "./tokens";

/** What a broker is given so that it has locked doors as well. */
export interface SecureSettings {
  /** Listeners, to be added to its own. */
  doors: string;
  /** Options of the JVM. */
  jvm: string[];
  properties: Record<string, string | number>;
}

const SECURITY = "org.apache.kafka.common.security";
const LISTENER = "listener.name.sasl_ssl";

/**
 * Listeners as those of Rubin and the community brokers: one for TLS with a login (SCRAM-SHA-512, SCRAM-SHA-256, PLAIN
 * or OAUTHBEARER), one for TLS with a certificate of the client's own. There a client may do what the ACLs allow. The
 * listener without a lock stays, on the loopback address like all: who comes through it is the administrator, and the
 * broker itself uses it.
 *
 * @param password of the practice user, for PLAIN, whose users are not kept in Kafka's own metadata
 */
export function secureSettings({ bootstrap, mtlsBootstrap, tokenUrl }: SecureState, password: string): SecureSettings {
  const keysUrl = new URL(KEYS_PATH, tokenUrl).href;
  const scram = `${SECURITY}.scram.ScramLoginModule required;`;
  const oauth = `${SECURITY}.oauthbearer`;
  const plain = `${SECURITY}.plain.PlainLoginModule required user_${PRACTICE_USER}="${password}";`;
  const properties = {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": certificateFiles.server(),
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": certificateFiles.ca(),
    "listener.name.ssl.ssl.client.auth": "required",
    // the certificate says CN=alice: the rights are the user's, whichever way she comes
    "ssl.principal.mapping.rules": "RULE:^CN=([a-z]+)$/$1/",

    "sasl.enabled.mechanisms": "SCRAM-SHA-512,SCRAM-SHA-256,PLAIN,OAUTHBEARER",
    // for each mechanism, or Kafka ends as it starts
    [`${LISTENER}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${LISTENER}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${LISTENER}.plain.sasl.jaas.config`]: plain,
    [`${LISTENER}.oauthbearer.sasl.jaas.config`]: `${oauth}.OAuthBearerLoginModule required;`,
    // signatures are checked; Kafka's default takes any token that says it is alice
    [`${LISTENER}.oauthbearer.sasl.server.callback.handler.class`]: `${oauth}.OAuthBearerValidatorCallbackHandler`,
    [`${LISTENER}.sasl.oauthbearer.jwks.endpoint.url`]: keysUrl,
    [`${LISTENER}.sasl.oauthbearer.expected.issuer`]: TOKEN_ISSUER,
    [`${LISTENER}.sasl.oauthbearer.expected.audience`]: TOKEN_AUDIENCE,

    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    // as Rubin's topics have, for whoever leaves the number to the broker
    "num.partitions": 45,
  };
  return {
    doors: `SASL_SSL://${bootstrap},SSL://${mtlsBootstrap}`,
    properties,
    // Kafka reads keys from no address that is not named here
    jvm: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${keysUrl}`],
  };
}
