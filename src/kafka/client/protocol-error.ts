/** An error of the protocol as kafkajs makes them. */
export interface ProtocolError extends Error {
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
}

/** Codes that kafkajs does not know. Source: https://kafka.apache.org/protocol */
const newer: Record<number, string> = {
  74: "FENCED_LEADER_EPOCH",
  75: "UNKNOWN_LEADER_EPOCH",
  76: "UNSUPPORTED_COMPRESSION_TYPE",
  78: "OFFSET_NOT_AVAILABLE",
  100: "UNKNOWN_TOPIC_ID",
  103: "INCONSISTENT_TOPIC_ID",
};

/** The error for a code that a broker answered. */
export function protocolError(code: number): ProtocolError {
  const { createErrorFromCode } = require("kafkajs/src/protocol/error") as {
    createErrorFromCode(code: number): ProtocolError;
  };
  const type = newer[code];
  if (type === undefined) return createErrorFromCode(code);
  return Object.assign(new Error(type), { type, code, retriable: code !== 76, name: "KafkaJSProtocolError" });
}

/** Errors that pass by themselves: a connection that is lost, a leader that moved, a topic that is being made. */
export function mayPass(error: unknown): boolean {
  const { retriable, name } = error as { retriable?: boolean; name?: string };
  return retriable ?? /^KafkaJS(Connection|RequestTimeout|LockTimeout)/.test(name ?? "");
}
