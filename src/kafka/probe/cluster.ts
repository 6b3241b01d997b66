import { isBootcampError } from "../../errors";
import { causesOf, codeOf, kafkaCodes } from "../client/kafka-codes";
import type { KafkaCluster } from "../client/one-cluster";
import { openPort } from "./hello";
import { ProbeFailure, type Target } from "./types";

/** So many brokers are tried; a cluster of hundreds is not knocked at. */
const mostBrokers = 12;

/** What went wrong when the login itself was tried: a {@link ProbeFailure}, or the error of the token's server as it is. */
export function loginFailure(error: unknown, { address, connection }: Target): Error {
  const chain = causesOf(error);
  const own = chain.find((link) => isBootcampError(link));
  if (own) return own as Error;
  const code = codeOf(chain);
  if (code === kafkaCodes.unsupportedMechanism) return new ProbeFailure("mechanism", { address, cause: error });
  if (code === kafkaCodes.noLoginHere) return new ProbeFailure("login-not-taken", { address, cause: error });
  if (code === kafkaCodes.loginRefused || chain.some(({ name }) => name === "KafkaJSSASLAuthenticationError")) {
    const problem = connection.settings.sasl?.mechanism === "oauthbearer" ? "token" : "password";
    return new ProbeFailure(problem, { address, cause: error });
  }
  return new ProbeFailure("connection-lost", { address, found: chain[chain.length - 1]?.message ?? "", cause: error });
}

/**
 * Are the brokers where the cluster says they are? After the first answer a client goes to the addresses of the
 * metadata, and one that only the broker's own network knows fails there.
 */
export async function probeMetadata(cluster: KafkaCluster, { address, limitMs }: Target): Promise<string> {
  const { brokers, topicMetadata } = cluster.brokerPool.metadata ?? { brokers: [], topicMetadata: [] };
  const others = brokers.filter(({ host, port }) => `${host}:${port}` !== address).slice(0, mostBrokers);
  const closed = await Promise.all(
    others.map(async ({ host, port }) => {
      try {
        (await openPort(host, port, limitMs)).destroy();
        return [];
      } catch (error) {
        return [`${host}:${port} (${(error as NodeJS.ErrnoException).code})`];
      }
    }),
  );
  const found = closed.flat();
  // a broker of several may be down, which the others make up for
  if (found.length > 0 && found.length === brokers.length) {
    throw new ProbeFailure("broker-advertised", { address, found: found.join(", ") });
  }
  const count = `${brokers.length} ${brokers.length === 1 ? "broker" : "brokers"}`;
  const without = found.length > 0 ? `, not reachable: ${found.join(", ")}` : "";
  const open = topicMetadata.filter(({ topic }) => !topic.startsWith("__")).length;
  return `${count}${without}; ${open} ${open === 1 ? "topic is" : "topics are"} open to this user`;
}
