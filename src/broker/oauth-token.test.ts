import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tokenSource } from "./oauth-token";

type Answer = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;

let server: Server | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.close();
  server?.closeAllConnections();
});

/** A server of tokens on loopback; every request gets a client of its own, so that no token of another test is held. */
async function serve(answer: Answer) {
  const asked: (IncomingMessage & { body: string })[] = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      asked.push(Object.assign(request, { body }));
      answer(asked[asked.length - 1]!, response);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    asked,
    source: tokenSource({ url, clientId: "me:1", clientSecret: "hunter2", scope: "read", prefix: "FINK_" }),
  };
}

const give = (seconds?: number): Answer => {
  let number = 0;
  return (_, response) => response.end(JSON.stringify({ access_token: `token-${++number}`, expires_in: seconds }));
};

describe("tokens for OAUTHBEARER", () => {
  it("are asked for with the client's credentials, once for all connections", async () => {
    const { asked, source } = await serve(give(3600));
    const both = await Promise.all([source.token(), source.token()]);
    expect(both).toEqual(["token-1", "token-1"]);
    expect(await source.token()).toBe("token-1");
    expect(asked.length).toBe(1);
    source.forget();
    expect(await source.token()).toBe("token-2");
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
      grant_type: "client_credentials",
      scope: "read",
    });
    const login = Buffer.from(asked[0]!.headers.authorization!.replace("Basic ", ""), "base64").toString();
    expect(login.split(":").map(decodeURIComponent)).toEqual(["me:1", "hunter2"]);
  });

  it.each([
    ["an hour", 3600, 3540],
    ["less than twice the margin", 40, 20],
    ["a time that is not told", undefined, 240],
  ])("that live for %s are renewed before they end", async (_, lifetime, usedSeconds) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { source } = await serve(give(lifetime));
    expect(await source.token()).toBe("token-1");
    vi.setSystemTime(Date.now() + usedSeconds * 1000 - 100);
    expect(await source.token()).toBe("token-1");
    vi.setSystemTime(Date.now() + 200);
    expect(await source.token()).toBe("token-2");
  });

  it.each<[string, Answer, RegExp]>([
    [
      "a refusal",
      (_, r) => r.writeHead(401).end('{"error":"invalid_client","hint":"hunter2"}'),
      /status 401, invalid_client$/,
    ],
    ["an answer without a token", (_, r) => r.end("{}"), /status 200, no token/],
    ["a page", (_, r) => r.writeHead(500).end("<html>hunter2"), /status 500$/],
    ["an answer without end", (_, r) => void r.write("x".repeat(300 * 1024)), /more than 256 kB/],
    ["a redirection", (_, r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(), /does not answer/],
    ["a broken connection", (q) => q.socket.destroy(), /does not answer/],
  ])("are not taken from %s, which is said without a secret", async (_, answer, message) => {
    const { source } = await serve(answer);
    const error = await source.token().catch((e) => e);
    expect(error).toMatchObject({ code: "KAFKA_LOGIN", message: expect.stringMatching(message) });
    expect(error.remedy).toContain("FINK_OAUTH_CLIENT_SECRET");
    expect(JSON.stringify([error.message, error.remedy, String(error.stack)])).not.toContain("hunter2");
  });

  it("are asked for again after a failure", async () => {
    let fails = true;
    const good = give(3600);
    const { source } = await serve((request, response) =>
      fails ? response.writeHead(503).end() : good(request, response),
    );
    await expect(source.token()).rejects.toMatchObject({ code: "KAFKA_LOGIN" });
    fails = false;
    expect(await source.token()).toBe("token-1");
  });

  it.each(["http://login.example/token", "ftp://127.0.0.1/x", "https://me:hunter2@login.example/", "token"])(
    "are not asked for at %s",
    (url) => {
      const make = () => tokenSource({ url, clientId: "a", clientSecret: "b", prefix: "FINK_" });
      expect(make).toThrowError(expect.objectContaining({ code: "USAGE" }));
      expect(make).not.toThrowError(/hunter2/);
    },
  );
});
