import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";

const ip = (...args: string[]): string =>
  execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** True when a test has to be skipped because hosts cannot be made; in CI it fails instead. */
export function cannotMakeHosts(): boolean {
  const probe = `bootcamp-run-${process.pid}-${randomBytes(4).toString("hex")}`;
  if (spawnSync("ip", ["netns", "add", probe]).status === 0) {
    ip("netns", "del", probe);
    return false;
  }
  if (process.env["CI"]) return false;
  console.warn("skipped: hosts of their own need network namespaces: root, and the package iproute2");
  return true;
}

/** `bootcamp-run-`, the pid of the run, and what tells its hosts from others of that run. */
const namespaceOf = /^bootcamp-run-(\d+)-/;

const namespaces = (): string[] =>
  ip("netns", "list")
    .split("\n")
    .map((line) => line.split(" ")[0]!)
    .filter(Boolean);

/** Kills everything in a namespace; nothing runs there when this returns. */
function killIn(namespace: string): void {
  const pids = () => ip("netns", "pids", namespace).split("\n").filter(Boolean).map(Number);
  for (let left = pids(); left.length > 0; left = pids()) {
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it has ended
      }
    }
  }
}

function removeNamespace(namespace: string): void {
  killIn(namespace);
  ip("netns", "del", namespace);
}

/** A run that is killed leaves its hosts behind, with what runs on them. */
function sweep(): void {
  for (const namespace of namespaces()) {
    const pid = Number(namespaceOf.exec(namespace)?.[1]);
    if (pid > 0 && !isAlive(pid)) removeNamespace(namespace);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Hosts on one network: network namespaces of Linux's, each with an address, joined by a bridge in a namespace of its own.
 * Nothing of it is in the network of this machine, so that two runs have the same addresses and no way to each other.
 */
export class Hosts {
  /** Of the namespaces, which are the machine's. */
  private readonly run = `bootcamp-run-${process.pid}-${randomBytes(4).toString("hex")}`;
  private readonly bridge = `${this.run}-bridge`;
  private readonly abandon = () => this.remove(); // of a run that is ended before its teardown

  private constructor(readonly names: readonly string[]) {}

  /** First takes away what runs that were killed have left. */
  static make(...names: string[]): Hosts {
    sweep();
    const hosts = new Hosts(names);
    process.once("exit", hosts.abandon);
    try {
      hosts.connect();
      return hosts;
    } catch (error) {
      hosts.remove();
      throw error;
    }
  }

  address = (name: string): string => `10.77.0.${this.names.indexOf(name) + 1}`;

  /** What starts a program on a host; its pid is that of the program. */
  on = (name: string): readonly string[] => ["ip", "netns", "exec", `${this.run}-${name}`];

  /** The cable is out: nothing reaches the host or leaves it, and nobody is told. */
  unplug = (name: string) => void ip("-n", this.bridge, "link", "set", name, "down");

  plugIn = (name: string) => void ip("-n", this.bridge, "link", "set", name, "up");

  /** Kills everything on a host; nothing runs there when this returns. */
  killAll = (name: string): void => killIn(`${this.run}-${name}`);

  /** Ends what runs on the hosts, and takes them away. */
  remove(): void {
    process.off("exit", this.abandon);
    for (const namespace of namespaces()) if (namespace.startsWith(`${this.run}-`)) removeNamespace(namespace);
  }

  private connect(): void {
    ip("netns", "add", this.bridge);
    ip("-n", this.bridge, "link", "add", "bridge", "type", "bridge");
    ip("-n", this.bridge, "link", "set", "bridge", "up");
    for (const name of this.names) {
      const host = `${this.run}-${name}`;
      ip("netns", "add", host);
      ip("-n", this.bridge, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", host);
      ip("-n", this.bridge, "link", "set", name, "master", "bridge", "up");
      ip("-n", host, "address", "add", `${this.address(name)}/24`, "dev", "eth0");
      for (const device of ["lo", "eth0"]) ip("-n", host, "link", "set", device, "up");
    }
  }
}
