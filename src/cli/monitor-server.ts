import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BootcampError } from "../errors";
import type * as kafka from "../kafka";

export interface MetricsServer {
  /** Where Prometheus finds it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the metrics at `/metrics`, and nothing else.
 *
 * @param port 0 for any free one
 * @throws PORT_TAKEN when another process listens there; USAGE for an address that is not of this machine
 */
export async function serveMetrics(metrics: kafka.MonitorMetrics, port: number, host: string): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isKnown = request.url === "/metrics" && (request.method === "GET" || request.method === "HEAD");
    if (!isKnown) {
      response.writeHead(404, { "content-type": "text/plain" }).end("only /metrics is here\n");
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${chosen}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections(); // Prometheus keeps its connection open
      }),
  };
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new BootcampError("PORT_TAKEN", `Expected port ${port} of ${host} to be free, it is in use`, {
      remedy: "choose another one after --metrics; 0 takes any that is free",
    });
  }
  return new BootcampError("USAGE", `Expected to listen on ${host}, port ${port}: ${error.message}`, {
    remedy: "give an address of this machine after --metrics-host, and a port between 1024 and 65535",
  });
}
