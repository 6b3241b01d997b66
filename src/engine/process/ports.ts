import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { BootcampError } from "../../errors";
import { commandLine } from "./processes";
import { run } from "./programs";

/** Everything listens here and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/** True when a server can listen on the port of the loopback address now. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

/** A port nobody listens on, chosen by the system. Another process may still be quicker to take it. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen({ host: LOOPBACK, port: 0 }, () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/** The ports of one start: none is given twice. The system may offer a port again as soon as nobody holds it. */
export class PortChoice {
  readonly #given = new Set<number>();

  /** True when the port is free and not given yet; it is now. */
  async claim(port: number): Promise<boolean> {
    if (this.#given.has(port) || !(await portIsFree(port))) return false;
    this.#given.add(port);
    return true;
  }

  /** A free port that was not given yet. */
  async any(): Promise<number> {
    for (;;) {
      const port = await freePort();
      if (this.#given.has(port)) continue;
      this.#given.add(port);
      return port;
    }
  }
}

/** Process that listens on a TCP port, as far as this user may see it. */
export async function listenerOn(port: number): Promise<{ pid: number; command: string } | undefined> {
  const pid = fromProc(port) ?? (await fromLsof(port));
  if (pid === undefined) return undefined;
  return { pid, command: (await commandLine(pid)) ?? "unknown" };
}

/** The error for a port that is in use; it names the process, since that is what a person has to decide about. */
export async function portTaken(port: number): Promise<BootcampError> {
  const holder = await listenerOn(port);
  const who = holder ? `process ${holder.pid} (${shorten(holder.command)})` : "a process of another user";
  const isKafka = holder?.command.includes("kafka.Kafka ") === true;
  const elsewhere = `npx alerts up --port ${port + 10}`;
  return new BootcampError("PORT_TAKEN", `Expected port ${port} to be free; ${who} listens on it`, {
    remedy: isKafka
      ? `use that Kafka with KAFKA_BOOTSTRAP=${LOOPBACK}:${port}, or start another: ${elsewhere}`
      : `stop that process, or choose another port: ${elsewhere}`,
  });
}

/** Program and end of a command line: a JVM says at the end what it runs. */
function shorten(command: string): string {
  const line = command.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 30)} … ${line.slice(-85)}` : line;
}

/** Linux: the inode of the listening socket, then the process that has it open. */
function fromProc(port: number): number | undefined {
  const inodes = new Set<string>();
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readOr(table).split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      // state 0A is LISTEN
      if (fields[1]?.endsWith(suffix) && fields[3] === "0A" && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const entry of listOr("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    for (const fd of listOr(`/proc/${entry}/fd`)) {
      try {
        if (inodes.has(readlinkSync(`/proc/${entry}/fd/${fd}`))) return Number(entry);
      } catch {
        // closed meanwhile, or not ours to see
      }
    }
  }
  return undefined;
}

async function fromLsof(port: number): Promise<number | undefined> {
  const lsof = await run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fp"], { timeoutSeconds: 5 });
  const pid = /^p(\d+)/m.exec(lsof?.stdout ?? "")?.[1];
  return pid ? Number(pid) : undefined;
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listOr(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
