import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { BootcampError } from "../../errors";

/** What Jupyter writes into the connection file: where to listen, and the key that signs every message. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
}

const ports = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;

/**
 * Reads a connection file.
 *
 * @throws USAGE when it is none, when messages would go unsigned, and when others on the network could reach the kernel:
 *   whoever can send to it runs programs as this user
 */
export function readConnection(path: string): Connection {
  const refuse = (problem: string) =>
    new BootcampError("USAGE", `Expected a connection file of Jupyter, ${problem}`, {
      where: path,
      remedy: "let Jupyter start the kernel: jupyter lab, jupyter console, nbconvert",
    });
  let found: Connection & { signature_scheme?: string };
  try {
    found = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw refuse(`got ${(error as Error).message}`);
  }
  if (ports.some((port) => !Number.isInteger(found?.[port]))) throw refuse(`got one without ${ports.join(", ")}`);
  if (typeof found.key !== "string" || found.key === "") throw refuse("got one without a key to sign messages with");
  if ((found.signature_scheme ?? "hmac-sha256") !== "hmac-sha256") {
    throw refuse(`signed by hmac-sha256, got ${found.signature_scheme}`);
  }
  if (found.transport !== "ipc" && !isLoopback(found.ip)) throw refuse(`listening on 127.0.0.1, got ${found.ip}`);
  return found;
}

const isLoopback = (ip: string) => ip === "localhost" || ip === "::1" || (isIP(ip) === 4 && ip.startsWith("127."));

/** Address of one of the five sockets, as ZeroMQ writes it. */
export function addressOf(connection: Connection, port: (typeof ports)[number]): string {
  const { transport, ip } = connection;
  if (transport === "ipc") return `ipc://${ip}-${connection[port]}`;
  return `tcp://${ip === "::1" ? "[::1]" : ip}:${connection[port]}`;
}
