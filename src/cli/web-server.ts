import { randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BootcampError } from "../errors";
import { page, script, style } from "./web-page";
import type { WebState } from "./web-state";

/** Pages that may be open at once; each costs a connection and a copy of every update. */
const mostPages = 20;
/** From one update to the next. A page that is slower than this misses some, and gets the next one whole. */
const updateMs = 500;

/** Scripts and data from here alone. Plotly sets styles as it draws, which a stricter rule for them would forbid. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data: blob:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

export interface LivePage {
  /** With the token that lets a browser in. */
  readonly url: string;
  /** Tells every page why it will not change any more, and ends. */
  close(reason: string): Promise<void>;
}

/**
 * Serves the live page on 127.0.0.1. Every address begins with a random token, so that neither other users of the machine
 * nor a web page that guesses the port can read along; only GET is answered, and only under the host's own name.
 *
 * @param port 0 for any free one
 * @throws PORT_TAKEN, USAGE
 */
export async function serveLivePage(topic: string, state: WebState, port: number): Promise<LivePage> {
  const token = randomBytes(24).toString("hex");
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const path = pathBehind(token, request);
    if (path === null) return void response.writeHead(404, headers).end("not here\n");
    if (request.method !== "GET") return void response.writeHead(405, { ...headers, allow: "GET" }).end();
    answer(path, response);
  });
  const send = (response: ServerResponse, type: string, text: string) =>
    void response.writeHead(200, { ...headers, "content-type": `${type}; charset=utf-8` }).end(text);
  const answer = (path: string, response: ServerResponse) => {
    const curve = /^curve\/(\d{1,15})$/.exec(path);
    if (path === "") send(response, "text/html", page(topic));
    else if (path === "page.js") send(response, "text/javascript", script);
    else if (path === "page.css") send(response, "text/css", style);
    else if (path === "plotly.js") sendPlotly(response);
    else if (path === "events") follow(response);
    else {
      const figure = curve && state.curve(Number(curve[1]));
      if (figure) send(response, "application/json", json(figure));
      else response.writeHead(404, headers).end("not here\n");
    }
  };
  const follow = (response: ServerResponse) => {
    if (open.size >= mostPages) return void response.writeHead(503, headers).end("too many pages are open\n");
    response.writeHead(200, { ...headers, "content-type": "text/event-stream" });
    open.add(response);
    response.on("close", () => open.delete(response));
    tell(response, "state", state.snapshot());
  };
  const timer = setInterval(() => {
    if (open.size === 0) return;
    const now = state.snapshot();
    for (const response of open) if (!response.writableNeedDrain) tell(response, "state", now);
  }, updateMs);
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`,
    close: async (reason) => {
      clearInterval(timer);
      for (const response of open) {
        tell(response, "state", state.snapshot());
        tell(response, "end", reason);
        response.end();
      }
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref(); // of a browser that does not read
      await closed;
    },
  };
}

/** What is asked for behind the token; null when that is wrong, or the browser was led here by another name. */
function pathBehind(token: string, request: IncomingMessage): string | null {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "");
  const [, given, path] = /^\/([0-9a-f]+)\/([^?#]*)$/.exec(request.url ?? "") ?? [];
  if (name !== "127.0.0.1" && name !== "localhost") return null;
  if (given?.length !== token.length || !timingSafeEqual(Buffer.from(given), Buffer.from(token))) return null;
  return path ?? null;
}

function tell(response: ServerResponse, event: string, value: unknown): void {
  response.write(`event: ${event}\ndata: ${json(value)}\n\n`);
}

const json = (value: unknown): string =>
  JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item));

function sendPlotly(response: ServerResponse): void {
  response.writeHead(200, { ...headers, "content-type": "text/javascript; charset=utf-8" });
  createReadStream(require.resolve("plotly.js-dist"))
    .on("error", () => response.destroy())
    .pipe(response);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      const code = isTaken ? "PORT_TAKEN" : "USAGE";
      const message = `Expected port ${port} of 127.0.0.1 to be free, ${isTaken ? "it is in use" : error.message}`;
      reject(new BootcampError(code, message, { remedy: "choose another one after --port; 0 takes any that is free" }));
    });
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
}
