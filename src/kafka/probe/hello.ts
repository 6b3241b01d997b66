import { connect, type Socket } from "node:net";
import { clientId } from "../client/kafkajs";
import { kafkaCodes } from "../client/protocol-error";
import { WireWriter } from "../client/wire";

/**
 * The two questions that a Kafka answers before anybody has logged in, in the protocol's oldest forms. kafkajs asks
 * them too, but keeps the answers to itself: which mechanisms are offered, and whether it was a Kafka that closed the
 * connection. Forms: https://kafka.apache.org/protocol
 */
const apiVersions = { key: 18, version: 0 };
const saslHandshake = { key: 17, version: 1 };

/** Answers are some hundred bytes; a larger size is not Kafka's. */
const largestAnswer = 64 * 1024;

/** Why a question had no answer. `garbage`: bytes came that are no answer of Kafka's. */
export class NoHello extends Error {
  constructor(
    readonly kind: "closed" | "silent" | "garbage",
    readonly code: string,
  ) {
    super(`${kind} ${code}`);
  }
}

/** Opens a plain connection. Rejects with what the system says: ECONNREFUSED, ETIMEDOUT … */
export function openPort(host: string, port: number, limitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => fail(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })), limitMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.on("error", () => {}); // one that comes later, when nobody asks any more, ends nothing
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** Asks a Kafka which requests it knows; resolves when it answers as a Kafka does. */
export async function sayHello(socket: Socket, limitMs: number): Promise<void> {
  const answer = await ask(socket, apiVersions, Buffer.alloc(0), limitMs);
  if (answer.length < 6) throw new NoHello("garbage", "short");
}

/**
 * The mechanisms of login that a port offers; none when it takes no login.
 *
 * @param wanted the one to ask for: a broker that has it names only that it has it and the others
 */
export async function offeredMechanisms(socket: Socket, wanted: string, limitMs: number): Promise<string[]> {
  const answer = await ask(socket, saslHandshake, new WireWriter().string(wanted, false).end(), limitMs);
  if (answer.length < 6) throw new NoHello("garbage", "short");
  const code = answer.readInt16BE(0);
  if (code === kafkaCodes.noLoginHere) return [];
  if (code !== 0 && code !== kafkaCodes.unsupportedMechanism) throw new NoHello("garbage", `code ${code}`);
  const names: string[] = [];
  for (let at = 6, left = answer.readInt32BE(2); left > 0 && at + 2 <= answer.length; left--) {
    const length = answer.readInt16BE(at);
    if (length <= 0) break;
    names.push(answer.toString("latin1", at + 2, at + 2 + length).replace(/[^\w-]/g, "?"));
    at += 2 + length;
  }
  return names;
}

/** Sends one request and resolves the body of its answer. */
function ask(socket: Socket, api: { key: number; version: number }, body: Buffer, limitMs: number): Promise<Buffer> {
  const correlation = 7;
  const header = new WireWriter().int16(api.key).int16(api.version).int32(correlation).string(clientId, false);
  const request = header.raw(body).end();
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const done = (finish: () => void) => {
      clearTimeout(timer);
      socket.off("data", onData).off("error", onError).off("close", onClose);
      finish();
    };
    const timer = setTimeout(() => done(() => reject(new NoHello("silent", "timeout"))), limitMs);
    const onError = (error: NodeJS.ErrnoException) =>
      done(() => reject(new NoHello("closed", error.code ?? error.message)));
    const onClose = () => done(() => reject(new NoHello("closed", "no error")));
    const onData = (piece: Buffer) => {
      received = Buffer.concat([received, piece]);
      if (received.length < 8) return;
      const size = received.readInt32BE(0);
      if (size < 4 || size > largestAnswer || received.readInt32BE(4) !== correlation) {
        done(() => reject(new NoHello("garbage", received.subarray(0, 4).toString("hex"))));
      } else if (received.length >= 4 + size) done(() => resolve(received.subarray(8, 4 + size)));
    };
    socket.on("data", onData).on("error", onError).on("close", onClose);
    socket.write(new WireWriter().int32(request.length).raw(request).end());
  });
}
