import { lookup } from "node:dns/promises";
import { isIP, type Socket } from "node:net";
import { hasCertificate } from "../client/broker-problem";
import { NoHello, offeredMechanisms, openPort, sayHello } from "./hello";
import { openTls, speaksTls } from "./tls-socket";
import { ProbeFailure, type Target } from "./types";

/** Does the name stand for an address? Resolves what was found, in words. */
export async function probeName({ host, address, limitMs }: Target): Promise<string> {
  if (isIP(host)) return `${host} is an address`;
  try {
    const found = await within(limitMs, lookup(host, { all: true }));
    return `${host} is ${found.map((entry) => entry.address).join(", ")}`;
  } catch (cause) {
    throw new ProbeFailure("host-unknown", { address, cause });
  }
}

/** Does anybody listen there? */
export async function probePort({ host, port, address, limitMs }: Target): Promise<string> {
  const socket = await openPort(host, port, limitMs).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code ?? "";
    throw code === "ECONNREFUSED"
      ? new ProbeFailure("port-closed", { address, cause })
      : new ProbeFailure("no-answer", { address, found: code, cause });
  });
  socket.destroy();
  return `port ${port} is open`;
}

/** Is the connection as protected as the settings say, with a certificate that holds, and does a Kafka speak there? */
export async function probeTls(target: Target): Promise<string> {
  if (target.connection.settings.ssl) {
    const { socket, found } = await openTls(target);
    await using(socket, () => hello(target, socket, true));
    return found;
  }
  const { host, port, limitMs } = target;
  await using(await openPort(host, port, limitMs), (socket) => hello(target, socket, false));
  return "plain text, as set";
}

async function hello(target: Target, socket: Socket, isTls: boolean): Promise<void> {
  const { address, limitMs } = target;
  try {
    await sayHello(socket, limitMs);
  } catch (error) {
    if (!(error instanceof NoHello)) throw error;
    const { kind, code } = error;
    // with TLS 1.3 the server looks at the client's certificate after the client takes the handshake for finished
    if (isTls && kind === "closed") throw new ProbeFailure("client-certificate", { address, found: code });
    if (!isTls && (await speaksTls(target))) throw new ProbeFailure("tls-needed", { address });
    throw new ProbeFailure(kind === "silent" ? "no-answer" : "not-kafka", { address, cause: error });
  }
}

/** Is the login one that this port takes? Whether it is accepted only the login itself tells. */
export async function probeMechanism(target: Target): Promise<string> {
  const { connection, address, limitMs } = target;
  const { ssl, sasl } = connection.settings;
  const wanted = sasl?.mechanism.toUpperCase();
  const socket = ssl ? (await openTls(target)).socket : await openPort(target.host, target.port, limitMs);
  const offered = await using(socket, () => offeredMechanisms(socket, wanted ?? "none", limitMs)).catch((cause) => {
    throw new ProbeFailure("not-kafka", { address, cause });
  });
  const found = offered.join(", ");
  if (wanted === undefined && offered.length > 0) throw new ProbeFailure("login-needed", { address, found });
  if (wanted === undefined) return hasCertificate(ssl) ? "by client certificate" : "none wanted";
  if (offered.length === 0) throw new ProbeFailure("login-not-taken", { address });
  if (!offered.includes(wanted)) throw new ProbeFailure("mechanism", { address, found });
  const user = sasl && "username" in sasl ? `as ${sasl.username} ` : "";
  return `${user}by ${wanted}`;
}

async function using<T>(socket: Socket, work: (socket: Socket) => Promise<T>): Promise<T> {
  try {
    return await work(socket);
  } finally {
    socket.destroy();
  }
}

/** A resolver that is cut off can take half a minute to say so. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
