import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { openPort, sayHello } from "./hello";
import { ProbeFailure, type Target } from "./types";

/** A certificate that ends within so many days is worth a word before it does. */
const soonDays = 14;
const dayMs = 86_400_000;

/**
 * Makes a TLS connection with the profile's settings and looks at the certificate itself: Node's own check ends at the
 * first fault, and its error does not tell what the certificate would have been good for.
 */
export async function openTls(target: Target): Promise<{ socket: TLSSocket; found: string }> {
  const { address, host, connection } = target;
  const ssl = connection.settings.ssl;
  const socket = await handshake(target, typeof ssl === "object" ? ssl : {}).catch(async (cause) => {
    throw (await speaksPlain(target))
      ? new ProbeFailure("tls-refused", { address, cause })
      : failedHandshake(cause, address);
  });
  const failure = certificateFailure(socket, host, address);
  if (failure) {
    socket.destroy();
    throw failure;
  }
  return { socket, found: describe(socket) };
}

/** True when a TLS connection can be made, whatever certificate there is. */
export async function speaksTls(target: Target): Promise<boolean> {
  try {
    (await handshake(target, {})).destroy();
    return true;
  } catch (error) {
    // an alert is TLS's own way to refuse
    return /ALERT/.test((error as NodeJS.ErrnoException).code ?? "");
  }
}

async function speaksPlain({ host, port, limitMs }: Target): Promise<boolean> {
  try {
    const socket = await openPort(host, port, limitMs);
    try {
      await sayHello(socket, limitMs);
      return true;
    } finally {
      socket.destroy();
    }
  } catch {
    return false; // then it is TLS itself that fails
  }
}

function handshake({ host, port, limitMs }: Target, ssl: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? {} : { servername: host };
    const socket = connect({ ...ssl, host, port, ...name, rejectUnauthorized: false });
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })), limitMs);
    socket.on("error", () => {}); // one that comes later, when nobody asks any more, ends nothing
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

function failedHandshake(error: NodeJS.ErrnoException, address: string): ProbeFailure {
  const code = error.code ?? error.message;
  // TLS 1.2 asks for the client's certificate before the handshake is over
  if (/ALERT_(BAD_CERTIFICATE|CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)/.test(code)) {
    return new ProbeFailure("client-certificate", { address, found: code, cause: error });
  }
  return new ProbeFailure("tls-failed", { address, found: code, cause: error });
}

function certificateFailure(socket: TLSSocket, host: string, address: string): ProbeFailure | undefined {
  const certificate = socket.getPeerCertificate();
  const code = String(socket.authorizationError ?? "");
  if (/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(code)) {
    const found = `it is for ${dayOf(certificate.valid_from)} to ${dayOf(certificate.valid_to)}`;
    return new ProbeFailure("certificate-expired", { address, found });
  }
  const misnamed = checkServerIdentity(host, certificate);
  if (code !== "" && !/ALTNAME/.test(code)) return new ProbeFailure("certificate-untrusted", { address, found: code });
  return misnamed && new ProbeFailure("certificate-name", { address, found: namesIn(certificate) });
}

function describe(socket: TLSSocket): string {
  const certificate = socket.getPeerCertificate();
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs);
  const end = days < soonDays ? `only ${days} days more` : `until ${dayOf(certificate.valid_to)}`;
  return `${socket.getProtocol()}, certificate for ${namesIn(certificate)} holds ${end}`;
}

/** `localhost, 127.0.0.1` of `DNS:localhost, IP Address:127.0.0.1`. */
function namesIn(certificate: PeerCertificate): string {
  const names = certificate.subjectaltname?.replaceAll(/(DNS|IP Address):/g, "") ?? [certificate.subject?.CN].flat()[0];
  const text = (names ?? "no name").replaceAll(/[^\w.:*, -]/g, "?");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

const dayOf = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? "?" : new Date(text).toISOString().slice(0, 10);
