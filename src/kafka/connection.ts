import type { Admin, Kafka, KafkaConfig, logLevel as LogLevel } from "kafkajs";
import { bootstrapServers } from "../engine/address";
import { externalSettings } from "../engine/credentials";
import { mendAborted } from "./aborted";
import { registerCodecs } from "./codecs";
import { asKafkaError } from "./errors";

/** Largest message, bytes: Rubin packets with long histories pass Kafka's default of 1 MB. */
export const maxMessageBytes = 10_000_000;

export interface ConnectionOptions {
  /** `host:port`, several with commas. Default: KAFKA_BOOTSTRAP, else the engine that runs here, else 127.0.0.1:9092. */
  bootstrap?: string | undefined;
}

/** The address a call with these options talks to. */
export const addressOf = (options: ConnectionOptions): string => options.bootstrap ?? bootstrapServers();

/**
 * A kafkajs client with the settings used everywhere here.
 *
 * @param patient true for a client that moves data: it outlasts the restart of a broker. False for a question that
 *   should fail within seconds when nobody answers.
 */
export function kafkaClient(options: ConnectionOptions, patient: boolean): Kafka {
  // loaded here: most of the library works without Kafka
  const { CompressionCodecs, Kafka, logLevel } = require("kafkajs") as typeof import("kafkajs") & {
    logLevel: typeof LogLevel;
  };
  registerCodecs(CompressionCodecs);
  mendAborted();
  const config: KafkaConfig = {
    // credentials belong to the broker that the environment names, not to the one started here
    ...(process.env.KAFKA_BOOTSTRAP ? externalSettings() : {}),
    clientId: "alert-bootcamp",
    brokers: addressOf(options)
      .split(",")
      .map((address) => address.trim()),
    // its messages repeat what our errors say, at length and on stdout
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: patient ? { initialRetryTime: 200, maxRetryTime: 5000, retries: 12 } : { initialRetryTime: 100, retries: 2 },
  };
  return new Kafka(config);
}

/**
 * Connects an admin client for the duration of `work`.
 *
 * @throws KAFKA_UNREACHABLE and the other errors of {@link asKafkaError}
 */
export async function withAdmin<T>(options: ConnectionOptions, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(options, false).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw asKafkaError(error, addressOf(options));
  } finally {
    await admin.disconnect().catch(() => {}); // the work is done or its error is on the way
  }
}
