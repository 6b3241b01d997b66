import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { LOOPBACK } from "../process/ports";
import { PRACTICE_CLIENT, PRACTICE_USER, practiceSecrets } from "./practice";
import { KEYS_PATH, keySet, makeToken, TOKEN_PATH, TOKEN_SECONDS } from "./tokens";

/**
 * The service that gives out tokens of the practice user, as brokers with OAUTHBEARER have one. A POST to /token with
 * the client's id and secret (OAuth 2.0 client credentials, RFC 6749 §4.4) is answered with a token of ten minutes;
 * Kafka asks /keys how to tell that it is genuine. It runs as a process of its own: `node token-endpoint.js PORT`.
 */
function tokenEndpoint(): Server {
  return createServer((request, response) => {
    request.resume(); // the form holds nothing that matters here
    const [status, body] = answerTo(request);
    reply(response, status, body);
  });
}

function answerTo(request: IncomingMessage): [number, object] {
  if (request.url === KEYS_PATH) return [200, keySet()];
  if (request.url !== TOKEN_PATH || request.method !== "POST") return [404, { error: "not_found" }];
  if (!isClient(request.headers.authorization)) return [401, { error: "invalid_client" }];
  return [200, { access_token: makeToken(PRACTICE_USER), token_type: "Bearer", expires_in: TOKEN_SECONDS }];
}

function isClient(header = ""): boolean {
  // asked each time: a start with another secret does not end this process
  const expected = Buffer.from(`${PRACTICE_CLIENT}:${practiceSecrets().clientSecret}`);
  const given = Buffer.from(header.replace(/^Basic /i, ""), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function reply(response: ServerResponse, status: number, body: object): void {
  // a connection kept open would be closed at some moment, and a request sent at that very moment be lost
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", connection: "close" });
  response.end(JSON.stringify(body));
}

if (require.main === module) tokenEndpoint().listen(Number(process.argv[2]), LOOPBACK);
