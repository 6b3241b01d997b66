import { pbkdf2Sync, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { BootcampError } from "../../errors";

/** Number of the mechanism in Kafka's protocol, and the hash it salts with (RFC 5802, RFC 7677). */
const MECHANISMS = [
  { number: 1, hash: "sha256", bytes: 32 },
  { number: 2, hash: "sha512", bytes: 64 },
] as const;
/** The least that Kafka takes. More would only slow the guessing of a weak password, and ours is random. */
const ITERATIONS = 4096;
const ALTER_USER_SCRAM_CREDENTIALS = 51;
const ANSWER_MS = 10_000;

/**
 * Sets the password of a user for SCRAM-SHA-256 and SCRAM-SHA-512.
 *
 * One request of Kafka's protocol, written here because kafkajs has none for it and Kafka's own tool takes two JVMs, some
 * seconds each, and wants the password on its command line. What goes over the wire is salted.
 *
 * @param bootstrap `host:port` of the administrator's listener
 * @throws ENGINE_FAILED when the broker refuses
 */
export async function setScramPassword(bootstrap: string, user: string, password: string): Promise<void> {
  for (const { number, hash, bytes } of MECHANISMS) {
    const salt = randomBytes(24);
    const salted = pbkdf2Sync(password, salt, ITERATIONS, bytes, hash);
    const credential = [compact(Buffer.from(user)), int(1, number), int(4, ITERATIONS), compact(salt), compact(salted)];
    // version 0, "flexible": a length is written plus one, and every structure ends with a count of tagged fields, 0
    const header = [int(2, ALTER_USER_SCRAM_CREDENTIALS), int(2, 0), int(4, number), int(2, -1), int(1, 0)];
    const body = [int(1, 1), int(1, 2), ...credential, int(1, 0), int(1, 0)]; // none to delete, one to set
    const code = errorCode(await exchange(bootstrap, Buffer.concat([...header, ...body])));
    if (code === 0) continue;
    throw new BootcampError("ENGINE_FAILED", `Kafka did not take the user ${user}: error ${code} of its protocol`, {
      where: bootstrap,
      remedy: "npx alerts down, then npx alerts up --secure --reset",
    });
  }
}

/** Of the only result: after correlation id, tags, throttle time, count, and the name of the user. */
function errorCode(answer: Buffer): number {
  const name = 4 + 1 + 4 + 1;
  return answer.readInt16BE(name + answer[name]!);
}

async function exchange(bootstrap: string, request: Buffer): Promise<Buffer> {
  const [host, port] = bootstrap.split(":");
  const socket = connect(Number(port), host);
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer from ${bootstrap}`)));
  socket.write(Buffer.concat([int(4, request.length), request]));
  let answer: Buffer = Buffer.alloc(0);
  for await (const part of socket) {
    answer = Buffer.concat([answer, part as Buffer]);
    // leaving the loop closes the connection
    if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) return answer.subarray(4);
  }
  throw new Error(`${bootstrap} closed the connection`);
}

function int(bytes: 1 | 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

/** A string or bytes of less than 127 bytes, for which one byte holds the length. */
const compact = (content: Buffer): Buffer => Buffer.concat([int(1, content.length + 1), content]);
