import { proxyAdvice } from "../advice";
import { BootcampError } from "../errors";

/** Where and as whom a token is asked for: OAuth 2.0 client credentials (RFC 6749, section 4.4). */
export interface TokenRequest {
  /** https; http only to this machine. */
  url: string;
  clientId: string;
  clientSecret: string;
  scope?: string | undefined;
  /** Prefix of the variables they come from, for errors: `KAFKA_`. */
  prefix: string;
}

interface Token {
  value: string;
  /** When another one is asked for, ms since 1970. */
  renewMs: number;
}

/** A token is renewed this long before it ends, so that none ends on its way to the broker. */
const earlySeconds = 60;
/** Taken for the lifetime when the server names none (RFC 6749 only recommends that it does). */
const shortLifeSeconds = 300;
const limitMs = 10_000;
/** Tokens are some kB; a longer answer is something else. */
const largestAnswer = 256 * 1024;

/** One token for all connections of a process, also while it is being asked for. */
const tokens = new Map<string, { value: Promise<string>; renewMs: number }>();

/** Where a login gets its tokens. */
export interface TokenSource {
  /** One that is valid for a while. Throws KAFKA_LOGIN when there is none to be had. */
  token(): Promise<string>;
  /** Lets the next call ask for another one. */
  forget(): void;
}

/**
 * Tokens of a client. One is kept until shortly before it ends.
 *
 * @throws USAGE for a URL that would send the secret unencrypted over a network
 */
export function tokenSource(request: TokenRequest): TokenSource {
  checkUrl(request);
  const name = JSON.stringify([request.url, request.clientId, request.clientSecret, request.scope]);
  const forget = () => void tokens.delete(name);
  const token = () => {
    let held = tokens.get(name);
    if (!held || Date.now() >= held.renewMs) {
      held = askFor(request, forget);
      tokens.set(name, held);
    }
    return held.value;
  };
  return { token, forget };
}

function askFor(request: TokenRequest, onFailure: () => void) {
  const held = { renewMs: Number.POSITIVE_INFINITY, value: Promise.resolve("") };
  held.value = fetchToken(request).then(
    ({ value, renewMs }) => {
      held.renewMs = renewMs;
      return value;
    },
    (error) => {
      onFailure(); // the next connection asks again
      throw error;
    },
  );
  return held;
}

function checkUrl({ url, prefix }: TokenRequest): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed?.hostname ?? "");
  const safe = parsed?.protocol === "https:" || (parsed?.protocol === "http:" && loopback);
  if (safe && !parsed?.username && !parsed?.password) return;
  const got = !parsed ? "no URL" : safe ? "one with a user name in it" : `${parsed.protocol}//${parsed.hostname}`;
  throw new BootcampError(
    "USAGE",
    `Expected ${prefix}OAUTH_TOKEN_URL as https://… (http only to this machine), got ${got}`,
    {
      remedy: "the secret goes there: see .env.example for the settings",
    },
  );
}

async function fetchToken(request: TokenRequest): Promise<Token> {
  const { url, clientId, clientSecret, scope } = request;
  // RFC 6749, section 2.3.1: both are form-encoded before they are joined
  const login = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString("base64");
  let answer: { status: number; text: string };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Basic ${login}`, accept: "application/json" },
      body: new URLSearchParams({ grant_type: "client_credentials", ...(scope && { scope }) }),
      redirect: "error", // the secret goes to the address that was set, and nowhere else
      signal: AbortSignal.timeout(limitMs),
    });
    answer = { status: response.status, text: await readBounded(response) };
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    throw refused(request, "does not answer", cause?.code ?? cause?.message ?? (error as Error).message);
  }
  return parseToken(answer, request);
}

async function readBounded(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > largestAnswer) throw new Error(`an answer of more than ${largestAnswer / 1024} kB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parseToken({ status, text }: { status: number; text: string }, request: TokenRequest): Token {
  let answer: { access_token?: unknown; expires_in?: unknown; error?: unknown } = {};
  try {
    answer = Object(JSON.parse(text));
  } catch {
    // said below by status; the text itself may hold anything
  }
  const { access_token: value, expires_in: lifetime, error } = answer;
  if (status === 200 && typeof value === "string" && value !== "") {
    const seconds = Number(lifetime) > 0 ? Number(lifetime) : shortLifeSeconds;
    // a token that lives shorter than twice the margin is used for half of its life
    return { value, renewMs: Date.now() + Math.max(seconds - earlySeconds, seconds / 2) * 1000 };
  }
  // the error codes of RFC 6749, section 5.2 are words; nothing else is repeated
  const word = typeof error === "string" && /^\w{1,40}$/.test(error) ? error : status === 200 ? "no token" : "";
  throw refused(request, "gives no token", [`status ${status}`, word].filter(Boolean).join(", "));
}

function refused({ url, prefix }: TokenRequest, what: string, why: string): BootcampError {
  return new BootcampError("KAFKA_LOGIN", `Expected a token from ${new URL(url).host}, it ${what}: ${why}`, {
    where: new URL(url).host,
    remedy: `check ${prefix}OAUTH_TOKEN_URL, ${prefix}OAUTH_CLIENT_ID, ${prefix}OAUTH_CLIENT_SECRET and ${prefix}OAUTH_SCOPE${proxyAdvice()}`,
  });
}
