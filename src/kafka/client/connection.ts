import { sayDoubt } from "../../broker/address";
import { BootcampError } from "../../errors";
import { Admin } from "./admin";
import { brokerOf, type ConnectionOptions, connectionOf } from "./connection-settings";
import { type CallSubject, explainKafkaError } from "./errors";

export { type ConnectionOptions, expectOwnBroker } from "./connection-settings";

/** A question that is under way when the signal comes has so long to be answered. */
const graceMs = 1500;

/**
 * Connects to a cluster for the duration of `work`.
 *
 * @param options also the topic and the group that `work` is about, for its errors, and a signal that ends it
 * @throws the errors of {@link kafkaError}; ABORTED
 */
export async function withAdmin<T>(
  options: ConnectionOptions & CallSubject & { signal?: AbortSignal | undefined },
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  const admin = new Admin(connectionOf(options));
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    timer = setTimeout(() => admin.close(), graceMs);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await admin.connect();
    sayDoubt(brokerOf(options));
    return await work(admin);
  } catch (error) {
    if (admin.cluster.isClosed) throw new BootcampError("ABORTED", "Stopped on request");
    throw await kafkaError(error, options, options);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    admin.close();
  }
}

/**
 * The error of a call in one sentence: KAFKA_UNREACHABLE, KAFKA_TLS, KAFKA_LOGIN, TOPIC_ABSENT, TOPIC_FORBIDDEN,
 * GROUP_FORBIDDEN, or KAFKA_REFUSED for what has no name here.
 */
export const kafkaError = (
  error: unknown,
  options: ConnectionOptions,
  about: CallSubject = {},
): Promise<BootcampError> => explainKafkaError(error, connectionOf(options), about);
