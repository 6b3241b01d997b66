import { streamCommand } from "../../advice";
import { hostAndPort } from "../../broker/address";
import { BootcampError, type ErrorCode } from "../../errors";
import type { Connection } from "./connection-settings";

/** Everything that can stand between a user and a broker's alerts, each with a name that stays. */
export type BrokerProblem =
  | "host-unknown"
  | "port-closed"
  | "no-answer"
  | "not-kafka"
  | "tls-refused"
  | "tls-needed"
  | "tls-failed"
  | "certificate-untrusted"
  | "certificate-name"
  | "certificate-expired"
  | "client-certificate"
  | "login-needed"
  | "login-not-taken"
  | "mechanism"
  | "password"
  | "token"
  | "broker-advertised"
  | "topic-absent"
  | "topic-forbidden"
  | "topic-empty"
  | "write-forbidden"
  | "group-forbidden"
  | "group-unavailable"
  | "group-held"
  | "connection-lost";

/** What is concerned; a sentence uses what it needs. */
export interface ProblemDetails {
  /** The one address of several that failed. Default: the connection's. */
  address?: string;
  topic?: string | undefined;
  group?: string | undefined;
  /** What was found instead of what was expected. */
  found?: string;
  cause?: unknown;
}

interface Entry {
  code: ErrorCode;
  message: (at: string, connection: Connection, details: ProblemDetails) => string;
  remedy: (at: string, connection: Connection, details: ProblemDetails) => string;
}

const entries: Record<BrokerProblem, Entry> = {
  "host-unknown": {
    code: "KAFKA_UNREACHABLE",
    message: (at) => `Expected a broker at ${at}, the host name is unknown`,
    remedy: (_, { prefix }) => `check the address in ${prefix}BOOTSTRAP, and that this machine is on line`,
  },
  "port-closed": {
    code: "KAFKA_UNREACHABLE",
    message: (at) => `Expected a Kafka broker at ${at}, none answers`,
    remedy: (at, { profile }) => startHint(at, profile) ?? "the port is closed: check it, or ask the broker's people",
  },
  "no-answer": {
    code: "KAFKA_UNREACHABLE",
    message: (at, _, { found }) => `Expected ${at} to answer, it stays silent${found ? ` (${found})` : ""}`,
    remedy: () => "a firewall may stand between: try from another network, or ask the broker's people",
  },
  "not-kafka": {
    code: "KAFKA_UNREACHABLE",
    message: (at) => `Expected a Kafka broker at ${at}, something else listens there`,
    remedy: (_, { prefix }) => `check the port in ${prefix}BOOTSTRAP`,
  },
  "tls-refused": {
    code: "KAFKA_TLS",
    message: (at) => `Expected ${at} to speak TLS, it is a plain-text port`,
    remedy: (_, { prefix }) => `take the port for TLS, or unset ${prefix}TLS and the files for TLS`,
  },
  "tls-needed": {
    code: "KAFKA_TLS",
    message: (at) => `Expected a plain-text port at ${at}, it wants TLS`,
    remedy: (_, { prefix }) => `set ${prefix}TLS=true, or ${prefix}CA_FILE to the certificate of a private authority`,
  },
  "tls-failed": {
    code: "KAFKA_TLS",
    message: (at, _, { found }) => `Expected a TLS connection to ${at}, it failed: ${found ?? "for an unknown reason"}`,
    remedy: () => "the broker may ask for a version of TLS or a cipher that is not offered here",
  },
  "certificate-untrusted": {
    code: "KAFKA_TLS",
    message: (at, { settings }) =>
      `Expected to trust the certificate of ${at}, it is not signed by ${authorityOf(settings.ssl)}`,
    remedy: (_, { prefix }) => `set ${prefix}CA_FILE to the certificate of the broker's authority`,
  },
  "certificate-name": {
    code: "KAFKA_TLS",
    message: (at, _, { found }) =>
      `Expected a certificate for ${hostAndPort(at).host}, it is for ${found ?? "another host"}`,
    remedy: (_, { prefix }) => `give the host in ${prefix}BOOTSTRAP the name that the certificate has`,
  },
  "certificate-expired": {
    code: "KAFKA_TLS",
    message: (at, _, { found }) =>
      `Expected a certificate of ${at} that is valid today, it is not${found ? `: ${found}` : ""}`,
    remedy: () => "check this machine's date; if that is right, the broker's people have to renew it",
  },
  "client-certificate": {
    code: "KAFKA_TLS",
    message: (at, { settings }) =>
      hasCertificate(settings.ssl)
        ? `Expected ${at} to accept the client certificate, it did not`
        : `Expected ${at} to let this client in, it wants a client certificate`,
    remedy: (_, { prefix }) => `set ${prefix}CERT_FILE and ${prefix}KEY_FILE to what the broker's people gave you`,
  },
  "login-needed": {
    code: "KAFKA_LOGIN",
    message: (at, _, { found }) => `Expected ${at} to answer without a login, it wants one${found ? `: ${found}` : ""}`,
    remedy: (_, { prefix }) => `set ${prefix}SASL_MECHANISM, ${prefix}USERNAME and ${prefix}PASSWORD`,
  },
  "login-not-taken": {
    code: "KAFKA_LOGIN",
    message: (at) => `Expected ${at} to take a login, this port takes none`,
    remedy: (_, { prefix }) =>
      `take the port for logins, or unset ${prefix}SASL_MECHANISM, ${prefix}USERNAME and ${prefix}PASSWORD`,
  },
  mechanism: {
    code: "KAFKA_LOGIN",
    message: (at, { settings }, { found }) =>
      `Expected ${at} to take logins by ${mechanismOf(settings)}, it ${found ? `offers ${found}` : "does not offer that"}`,
    remedy: (_, { prefix }, { found }) =>
      `set ${prefix}SASL_MECHANISM to ${found ? `${found.toLowerCase()} (with a user of that kind)` : "what the broker's people say"}`,
  },
  password: {
    code: "KAFKA_LOGIN",
    message: (at) => `Expected ${at} to accept the user name and password, it did not`,
    remedy: (_, { prefix }) => `check ${prefix}USERNAME and ${prefix}PASSWORD`,
  },
  token: {
    code: "KAFKA_LOGIN",
    message: (at) => `Expected ${at} to accept the token, it did not`,
    remedy: (_, { prefix }) => `check ${prefix}OAUTH_CLIENT_ID and ${prefix}OAUTH_SCOPE`,
  },
  "broker-advertised": {
    code: "KAFKA_UNREACHABLE",
    message: (at, _, { found }) => `Expected the brokers that ${at} names to be reachable, ${found ?? "one"} is not`,
    remedy: () => "the broker's advertised.listeners has to be an address that this machine can reach",
  },
  "topic-absent": {
    code: "TOPIC_ABSENT",
    message: (at, _, { topic }) => `Expected topic "${topic}" at ${at}, there is none of that name`,
    remedy: (at, { option }, { topic }) =>
      isLoopback(at)
        ? `start the stream: ${streamCommand(topic)}, or see what is there: npx alerts topics list${option}`
        : `see what is there: npx alerts topics list${option}`,
  },
  "topic-forbidden": {
    code: "TOPIC_FORBIDDEN",
    message: (at, _, { topic }) => `Expected ${at} to open topic "${topic}" to this user, it did not`,
    remedy: (_, { option }) =>
      `see which topics are open to you: npx alerts topics list${option}; a misspelt one is refused alike`,
  },
  "write-forbidden": {
    code: "TOPIC_FORBIDDEN",
    message: (at, _, { topic }) => `Expected ${at} to let this user write${topic ? ` "${topic}"` : ""}, it did not`,
    remedy: () => "send to a Kafka of your own (npx alerts up); those of the field are for reading",
  },
  "topic-empty": {
    code: "TOPIC_EMPTY",
    message: (_, __, { topic }) => `Expected an alert in topic "${topic}", it holds none`,
    remedy: (at, _, { topic }) =>
      isLoopback(at) ? `start the stream: ${streamCommand(topic)}` : "wait for the next night, or read another topic",
  },
  "group-forbidden": {
    code: "GROUP_FORBIDDEN",
    message: (at, _, { group }) =>
      group === undefined
        ? `Expected ${at} to let this group read, it did not`
        : `Expected ${at} to let group "${group}" read, it did not`,
    remedy: (_, { prefix, groupPrefix }) =>
      groupPrefix === ""
        ? `many brokers want a group that begins with the user name: set ${prefix}GROUP_PREFIX`
        : `check ${prefix}GROUP_PREFIX with the broker's people`,
  },
  "group-unavailable": {
    code: "KAFKA_UNREACHABLE",
    message: (at) => `Expected ${at} to look after groups and transactions, it is not ready to`,
    remedy: () => "try again in a moment",
  },
  "group-held": {
    code: "KAFKA_REFUSED",
    message: (_, __, { group }) =>
      `Expected to join group "${group ?? ""}", it is held by another client, which shares partitions in another way`,
    remedy: (_, { option }, { group }) =>
      `read as a group of your own, or stop that client: npx alerts groups describe ${group ?? "GROUP"}${option}`,
  },
  "connection-lost": {
    code: "KAFKA_UNREACHABLE",
    message: (at, _, { found }) =>
      `Expected the connection to ${at} to last, it broke${found ? ` (${found})` : ""}; it answers again now`,
    remedy: () => "try again",
  },
};

/** The sentence and the remedy of a problem, as the error that is thrown for it. */
export function problemError(
  problem: BrokerProblem,
  connection: Connection,
  details: ProblemDetails = {},
): BootcampError {
  const { code, message, remedy } = entries[problem];
  const at = details.address ?? connection.address;
  const where = /^topic|^group|^write/.test(problem) ? (details.topic ?? details.group) : undefined;
  return new BootcampError(code, message(at, connection, details), {
    remedy: remedy(at, connection, details),
    where: where ?? at,
    ...(details.cause !== undefined && { cause: details.cause }),
  });
}

const isLoopback = (address: string) => /^(localhost|127\.|\[::1\])/.test(address);

function startHint(address: string, profile: string): string | undefined {
  if (/^practice/.test(profile)) return "start it: npx alerts up --secure";
  return isLoopback(address) ? `start one: ${streamCommand()}, or only Kafka: npx alerts up` : undefined;
}

type Ssl = Connection["settings"]["ssl"];

export const hasCertificate = (ssl: Ssl): boolean => typeof ssl === "object" && ssl.cert !== undefined;

const authorityOf = (ssl: Ssl): string =>
  typeof ssl === "object" && ssl.ca !== undefined ? "the authority that was set" : "a known authority";

const mechanismOf = (settings: Connection["settings"]): string => settings.sasl?.mechanism.toUpperCase() ?? "none";
