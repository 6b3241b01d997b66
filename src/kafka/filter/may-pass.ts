import { Unanswered } from "./unanswered";

/** Errors of Kafka may pass; anything else is a mistake of the program and must be seen. */
export function mayPass(error: unknown): boolean {
  if (error instanceof Unanswered) return true;
  const { name = "", type = "", cause } = error as { name?: string; type?: string; cause?: unknown };
  if (/^(TypeError|RangeError|ReferenceError|SyntaxError|BootcampError)$/.test(name)) return false;
  if (/AUTHORIZATION|AUTHENTICATION/.test(type + name)) return false; // does not pass by itself
  if (cause !== undefined && cause !== error) return mayPass(cause);
  return name.startsWith("KafkaJS");
}
