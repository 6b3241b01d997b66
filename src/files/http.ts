import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { proxyAdvice } from "../advice";
import { BootcampError, describeValue } from "../errors";
import { version } from "../version";

export interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Seconds without a single byte after which the connection is given up; default 60. */
  idleSeconds?: number | undefined;
}

const maxRedirects = 5;

/** The answer as it came over the wire, and the address it finally came from. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: IncomingMessage;
  url: string;
}

/**
 * One GET, with redirects followed.
 *
 * Not `fetch`: that unpacks a body which the server labels `Content-Encoding: gzip`, as some do for every `.gz`; then
 * neither the checksum nor the offset of a resumed download would fit.
 *
 * @throws BootcampError DOWNLOAD when the server cannot be reached, ABORTED on `signal`
 */
export async function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  let address = url;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const body = await once(address, options);
    const status = body.statusCode ?? 0;
    const target = body.headers.location;
    if (status < 300 || status >= 400 || !target) return { status, headers: body.headers, body, url: address };
    body.destroy();
    const next = redirected(target, address);
    if (next.protocol !== "https:" && (next.protocol !== "http:" || address.startsWith("https:")))
      throw new BootcampError(
        "DOWNLOAD",
        `${address}: Expected to stay on https, got a redirect to ${next.protocol}//${next.host}`,
      );
    address = next.href;
  }
  throw new BootcampError("DOWNLOAD", `${url}: Expected an answer, got more than ${maxRedirects} redirects`);
}

function redirected(target: string, from: string): URL {
  const next = URL.canParse(target, from) ? new URL(target, from) : null;
  if (next?.host) return next;
  throw new BootcampError("DOWNLOAD", `${from}: Expected a redirect to an address, got ${describeValue(target)}`, {
    where: from,
    remedy: "The server is set up wrongly; try again later, or another address (--url).",
  });
}

function once(address: string, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = address.startsWith("https:") ? httpsGet : httpGet;
    const seconds = options.idleSeconds ?? 60;
    const headers = { "user-agent": `alert-bootcamp/${version}`, "accept-encoding": "identity", ...options.headers };
    let answer: IncomingMessage | undefined;
    const call = get(address, { headers, timeout: seconds * 1000 }, (body) => {
      answer = body;
      resolve(body);
    });
    call.on("timeout", () => call.destroy(new Error(`no data for ${seconds} s`)));
    // Not http's own `signal`: an abort just after the last byte then ends the process with an uncaught error (Node 20).
    const stop = () => {
      if (!answer?.complete) call.destroy(Object.assign(new Error("stopped"), { name: "AbortError" }));
    };
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener("abort", stop);
    call.on("close", () => options.signal?.removeEventListener("abort", stop));
    call.on("error", (error) => reject(connectionError(address, error)));
  });
}

/** Any failure of a connection in this library's words. */
export function connectionError(address: string, error: unknown): BootcampError {
  if (error instanceof BootcampError) return error;
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return stopped();
  const host = new URL(address).host;
  const why =
    code === "ENOTFOUND" || code === "EAI_AGAIN"
      ? `the host ${host} is not known (is there a network?)`
      : code === "ECONNREFUSED"
        ? `${host} refuses the connection`
        : code === "ECONNRESET"
          ? "the connection broke off"
          : message;
  return new BootcampError("DOWNLOAD", `${address}: Expected data, but ${why}`, {
    where: address,
    cause: error,
    remedy: `Check the network and run the same command again: what has come is kept${proxyAdvice()}.`,
  });
}

const stopped = () => new BootcampError("ABORTED", "The download was stopped on request");

export interface TextOptions extends RequestOptions {
  /** How the text ends when it is whole; asked where the connection alone says that it has ended, be it broken or not. */
  whole: RegExp;
  /** Default 64 MB. */
  maxBytes?: number;
}

/** A small text file; `null` for 404. */
export async function requestText(url: string, options: TextOptions): Promise<string | null> {
  const { maxBytes = 64e6, whole } = options;
  const { status, body, headers } = await request(url, options);
  if (status !== 200) body.destroy();
  if (status === 404) return null;
  if (status !== 200) throw new BootcampError("DOWNLOAD", `${url}: Expected status 200, got ${status}`, { where: url });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > maxBytes)
        throw new BootcampError("DOWNLOAD", `${url}: Expected at most ${maxBytes} bytes, got more`);
      pieces.push(piece);
    }
  } catch (error) {
    throw options.signal?.aborted ? stopped() : connectionError(url, error);
  }
  const text = Buffer.concat(pieces).toString("utf8");
  const isFramed = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  if (!isFramed && !whole.test(text.slice(-1000))) {
    const end = describeValue(text.slice(-40));
    throw new BootcampError("DOWNLOAD", `${url}: Expected the whole text, got one that breaks off with ${end}`, {
      where: url,
      remedy: "Try again later; the server does not say how long it is, so its end was looked at.",
    });
  }
  return text;
}
