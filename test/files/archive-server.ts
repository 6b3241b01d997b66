import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server was asked, and what it answered with. */
export interface Seen {
  path: string;
  range: string | null;
  status: number;
}

/** A stand-in for the ZTF public archive on loopback: index page, MD5SUMS, tarballs, and ways to misbehave. */
export class ArchiveServer {
  readonly seen: Seen[] = [];
  /** Tarball → number of bytes after which the connection is broken, for the next answers of that file in turn. */
  readonly breaks = new Map<string, number[]>();
  /** Tarball → checksum to list instead of the true one. */
  readonly wrongSums = new Map<string, string>();
  /** Tarball → status to answer with, for the next answers of that file in turn. */
  readonly statuses = new Map<string, number[]>();
  /** Tarballs whose answer stops after so many bytes and never ends. */
  readonly holds = new Map<string, number>();
  /** Path → text, for anything else that is asked for. */
  readonly texts = new Map<string, string>();
  /** Files that are sent without a length, whole or as many bytes as said. */
  readonly withoutLength = new Map<string, number>();
  /** Tarball → where its answer leads to. */
  readonly redirects = new Map<string, string>();
  /** Tarball → size that the index page claims. */
  readonly claimed = new Map<string, string>();
  listsSums = true;
  knowsRanges = true;
  contentEncoding: string | null = null;
  /** Called with each file's name before it is answered. */
  onRequest: (name: string) => void = () => undefined;
  url = "";
  readonly #server = createServer((request, response) => this.#answer(request, response));

  constructor(readonly files: Record<string, Buffer>) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts/public/`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Requests for one file. */
  requestsOf(file: string): Seen[] {
    return this.seen.filter((request) => request.path.endsWith(file));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const range = request.headers.range ?? null;
    const send = (status: number, text: string | Buffer = "", headers: Record<string, string> = {}) => {
      const body = Buffer.from(text as string);
      this.seen.push({ path, range, status });
      const cut = this.withoutLength.get(name);
      if (cut !== undefined) {
        response.useChunkedEncodingByDefault = false; // its end is that of the connection
        response.writeHead(status, { ...headers, connection: "close" });
        response.end(body.subarray(0, cut));
        return;
      }
      response.writeHead(status, { ...headers, "content-length": String(body.length) });
      const breakAt = status < 300 ? this.breaks.get(name)?.shift() : undefined;
      const holdAt = this.holds.get(name);
      if (holdAt !== undefined) response.write(body.subarray(0, holdAt));
      else if (breakAt === undefined) response.end(body);
      else response.write(body.subarray(0, breakAt), () => response.socket?.destroy());
    };
    this.onRequest(name);
    const status = this.statuses.get(name)?.shift();
    const target = this.redirects.get(name);
    if (status) send(status);
    else if (target !== undefined) send(302, "", { location: target });
    else if (this.texts.has(path)) send(200, this.texts.get(path));
    else if (!path.startsWith("/alerts/public/")) send(404);
    else if (path === "/alerts/public/") send(200, indexPage(this.files, this.claimed));
    else if (name === "MD5SUMS") this.listsSums ? send(200, this.#sums()) : send(404);
    else {
      const file = this.files[name];
      const start = this.knowsRanges && range ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
      if (!file) send(404, "<h1>Not Found</h1>");
      else if (start >= file.length) send(416, "", { "content-range": `bytes */${file.length}` });
      else {
        const headers: Record<string, string> = this.contentEncoding
          ? { "content-encoding": this.contentEncoding }
          : {};
        if (start > 0) headers["content-range"] = `bytes ${start}-${file.length - 1}/${file.length}`;
        send(start > 0 ? 206 : 200, file.subarray(start), headers);
      }
    }
  }

  #sums(): string {
    return Object.entries(this.files)
      .map(([name, bytes]) => `${this.wrongSums.get(name) ?? createHash("md5").update(bytes).digest("hex")}  ${name}\n`)
      .join("");
  }
}

/** The page in the form Apache gives it, with sizes rounded as Apache rounds them. */
function indexPage(files: Record<string, Buffer>, claimed: ReadonlyMap<string, string>): string {
  const size = (bytes: number) => (bytes < 1024 ? `${bytes} ` : `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)}K`);
  const row = (name: string, text: string) =>
    `<tr class="odd"><td class="indexcolicon"><img src="/icons/compressed.gif" alt="[   ]"></td><td class="indexcolname"><a href="${name}">${name}</a></td><td class="indexcollastmod">2018-11-30 04:22  </td><td class="indexcolsize">${text}</td><td class="indexcoldesc">&nbsp;</td></tr>\n`;
  const rows = Object.entries(files).map(([name, bytes]) => row(name, claimed.get(name) ?? size(bytes.length)));
  return `<html><body><h1>Index of /alerts/public</h1><table id="indexlist">
<tr class="indexhead"><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=S;O=A">Size</a></th></tr>
<tr><td><a href="/alerts/">Parent Directory</a></td><td>-</td></tr>
${row("MD5SUMS", "125K")}${rows.join("")}</table></body></html>`;
}
