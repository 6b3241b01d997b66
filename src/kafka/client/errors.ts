import { hostAndPort } from "../../broker/address";
import { BootcampError, isBootcampError } from "../../errors";
import { runStages } from "../probe/stages";
import { silenceCode } from "./broker-connection";
import { type BrokerProblem, type ProblemDetails, problemError } from "./broker-problem";
import type { Connection } from "./connection-settings";
import { causesOf, codeOf, kafkaCodes, type Link } from "./protocol-error";

/** What the failed call was about. */
export interface CallSubject {
  topic?: string | undefined;
  group?: string | undefined;
  /** The topic was to be written, made or deleted: Kafka refuses that with the same code as reading. */
  writes?: boolean | undefined;
}

/** A second look takes as long as a silent host lets it; the user has waited already. */
const probeLimitMs = 4000;

/**
 * Turns an error of kafkajs into one sentence with a remedy. "Closed connection" and its like have many causes: then
 * the stages of the connection are gone through, and the one that fails is named.
 *
 * @param error what was thrown
 * @param connection the broker that was asked
 * @param about the topic and the group concerned, if any were
 */
export async function explainKafkaError(
  error: unknown,
  connection: Connection,
  about: CallSubject = {},
): Promise<BootcampError> {
  if (error instanceof BootcampError) return error;
  const chain = causesOf(error);
  const own = chain.find((link) => isBootcampError(link)); // of the server of tokens, inside of kafkajs's
  if (own) return own as unknown as BootcampError;
  const told = clearCase(chain, connection, about);
  if (told) return problemError(told.problem, connection, { ...about, cause: error, ...told.details });
  const { topic, group } = about;
  const found = deepestOf(chain, error);
  if (!isUnclear(chain)) {
    return new BootcampError("KAFKA_REFUSED", `Expected ${connection.address} to do as asked, it said: ${found}`, {
      remedy: `npx alerts doctor --broker${connection.option}`,
      where: topic ?? connection.address,
      cause: error,
    });
  }
  const looked = await runStages({ connection, topic, group, limitMs: probeLimitMs });
  if (looked.error && looked.error.code !== "TOPIC_EMPTY") return looked.error;
  const isGroups = /GroupCoordinatorNotFound/.test(textOf(chain));
  return problemError(isGroups ? "group-unavailable" : "connection-lost", connection, {
    ...about,
    found,
    cause: error,
  });
}

const coordinatorCodes = new Set<unknown>([
  kafkaCodes.coordinatorLoading,
  kafkaCodes.coordinatorNotAvailable,
  kafkaCodes.notCoordinator,
]);

const deepestOf = (chain: readonly Link[], error: unknown): string => chain[chain.length - 1]?.message ?? String(error);

/** Errors that say themselves what is wrong. */
function clearCase(
  chain: readonly Link[],
  connection: Connection,
  about: CallSubject,
): { problem: BrokerProblem; details?: ProblemDetails } | undefined {
  const text = textOf(chain);
  const code = codeOf(chain);
  if (chain.some((link) => link.code === silenceCode)) return { problem: "no-answer" };
  const refused = /ECONNREFUSED \S+?:(\d+)\b/.exec(text)?.[1];
  if (refused !== undefined && new RegExp(`^[^,]+:${refused}$`).test(connection.address))
    return { problem: "port-closed" };
  const unknown = /getaddrinfo \w+ ([\w.-]+)/.exec(text);
  if (unknown) return { problem: hostIn(connection, unknown[1]!), details: nameOf(connection, unknown[1]!) };
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(text)) return { problem: "certificate-untrusted" };
  if (code === kafkaCodes.topicForbidden) return { problem: about.writes ? "write-forbidden" : "topic-forbidden" };
  if (code === kafkaCodes.clusterForbidden) return { problem: "write-forbidden" };
  if (code === kafkaCodes.groupHeld || /INCONSISTENT_GROUP_PROTOCOL/.test(text)) return { problem: "group-held" };
  if (code === kafkaCodes.groupForbidden) return { problem: "group-forbidden" };
  if (coordinatorCodes.has(code)) return { problem: "group-unavailable" };
  if (code === kafkaCodes.topicAbsent || /does not host this topic/.test(text)) return { problem: "topic-absent" };
  if (code === kafkaCodes.loginRefused || /KafkaJSSASLAuthenticationError/.test(text)) {
    return { problem: connection.settings.sasl?.mechanism === "oauthbearer" ? "token" : "password" };
  }
  return undefined;
}

/** The host that is unknown may be one that the broker names, not the one that was set. */
function hostIn(connection: Connection, host: string): BrokerProblem {
  return connection.address.includes(host) ? "host-unknown" : "broker-advertised";
}

function nameOf(connection: Connection, host: string): ProblemDetails {
  const address = connection.address.split(",").find((one) => hostAndPort(one).host === host);
  return address ? { address } : { found: host };
}

/** Errors with several causes – the port, TLS, a login that is missing, a group that is not allowed – or too few words. */
function isUnclear(chain: readonly Link[]): boolean {
  const code = codeOf(chain);
  if (code === kafkaCodes.unsupportedMechanism || code === kafkaCodes.noLoginHere) return true;
  const text = textOf(chain);
  return /ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|timeout|timed out|ERR_SSL|ERR_TLS|CERT_|EPROTO|socket|Closed connection|KafkaJSConnection|BrokerNotFound|GroupCoordinatorNotFound|not connected/i.test(
    text,
  );
}

const textOf = (chain: readonly Link[]): string =>
  chain.map((link) => `${link.code ?? ""} ${link.name ?? ""} ${link.message ?? ""}`).join(" | ");
