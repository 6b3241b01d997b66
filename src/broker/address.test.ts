import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addresses, bootstrapServers, DEFAULT_BOOTSTRAP, expectOwn, findBroker, hostAndPort } from "./address";
import { writeState } from "./engine-state";
import { seedBrokers } from "./seed-brokers";

const names = ["BOOTCAMP_HOME", "KAFKA_BOOTSTRAP", "KAFKA_PROFILE", "CASE_BOOTSTRAP"] as const;
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
let home: string;
beforeEach(() => {
  for (const name of names) delete process.env[name];
  home = mkdtempSync(join(tmpdir(), "bootcamp-address-"));
  process.env["BOOTCAMP_HOME"] = home;
});
afterEach(() => {
  for (const name of names) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  rmSync(home, { recursive: true, force: true });
});

/** As an engine leaves it whose broker has this pid, and this in its command line. */
function started(pid: number, config: string): void {
  const broker = { id: 1, pid, port: 9192, controllerPort: 9193, config, log: "" };
  writeState({ engine: "local", version: "", bootstrap: "127.0.0.1:9192", startedAt: "", brokers: [broker] });
}

describe("the broker of a call that names none", () => {
  it("is nobody's own when nothing was started here", () => {
    expect(findBroker()).toEqual({ address: DEFAULT_BOOTSTRAP, doubt: "no Kafka was started here" });
    expect(() => expectOwn(findBroker())).toThrow(
      expect.objectContaining({ code: "USAGE", remedy: expect.stringContaining("npx alerts up") }),
    );
  });

  it("is the engine that runs here", () => {
    started(process.pid, process.execPath);
    expect(findBroker()).toEqual({ address: "127.0.0.1:9192" });
    writeState({ engine: "docker", version: "", bootstrap: "127.0.0.1:9292", startedAt: "", brokers: [] });
    expect(findBroker()).toEqual({ address: "127.0.0.1:9292" });
    expect(() => expectOwn(findBroker())).not.toThrow();
  });

  it.each([
    ["ended", 2 ** 22 - 1, process.execPath],
    ["ended, and its pid is another program's", process.pid, "/no/such/server.properties"],
  ])("is nobody's own when the engine has %s", (_, pid, config) => {
    started(pid, config);
    expect(findBroker()).toEqual({ address: "127.0.0.1:9192", doubt: "the Kafka that was started here has ended" });
  });

  it("is what a profile or KAFKA_BOOTSTRAP names, also at the usual place", () => {
    process.env["CASE_BOOTSTRAP"] = DEFAULT_BOOTSTRAP;
    expect(findBroker("case")).toEqual({ address: DEFAULT_BOOTSTRAP });
    process.env["KAFKA_BOOTSTRAP"] = DEFAULT_BOOTSTRAP;
    expect(findBroker()).toEqual({ address: DEFAULT_BOOTSTRAP });
    expect(bootstrapServers()).toBe(DEFAULT_BOOTSTRAP);
  });
});

describe("an address", () => {
  it.each([
    ["a:9092", "a", 9092],
    ["127.0.0.1:1", "127.0.0.1", 1],
    ["[::1]:9092", "::1", 9092],
    ["[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535],
  ])("%s has a host and a port", (text, host, port) => {
    expect(addresses(text)).toEqual([text]);
    expect(hostAndPort(text)).toEqual({ host, port });
  });

  it.each(["", "a", "a:", "a:0", "a:65536", "::1:9092", "[::1]", "[::1:9092", "[x]:9092", "http://a:9092", "a:1,,b:2"])(
    "%j is none",
    (text) => expect(() => addresses(text)).toThrow(/^Expected a broker's address as host:port, or \[host\]:port/),
  );

  it("of IPv6 goes to kafkajs without colons in its host, the others as they are", () => {
    expect(seedBrokers("a:1, b:2")).toEqual({ brokers: ["a:1", "b:2"] });
    const { brokers } = seedBrokers("a:1,[::1]:2");
    expect(brokers).toEqual(["a:1", expect.stringMatching(/^ipv6-[0-9a-f]+\.invalid:2$/)]);
  });
});
