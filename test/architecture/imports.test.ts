import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";

const src = join(root, "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => join(src, name));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Import and export lines, and lazy `require("./x") as typeof import(…)`, that point at files of this project. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  const lines =
    /(?:^|\n)\s*(import|export)\s+(type\s+)?([^"';]*?from\s+)?"(\.[^"]+)"|(require|import)\(\s*"(\.[^"]+)"\s*\)/g;
  for (const match of text.matchAll(lines)) {
    const target = match[4] ?? match[6];
    if (target === undefined) continue;
    const named = /\{([^}]*)\}/.exec(match[3] ?? "")?.[1];
    const allTypes = named?.split(",").every((part) => part.trim() === "" || part.trim().startsWith("type "));
    found.push({ from: file, to: resolveFile(file, target), typeOnly: Boolean(match[2]) || allTypes === true });
  }
  return found;
}

function resolveFile(from: string, target: string): string {
  const base = resolve(dirname(from), target);
  const hit = [`${base}.ts`, join(base, "index.ts"), base].find((path) => files.includes(path));
  if (!hit) throw new Error(`${relative(root, from)} imports ${target}, which is no file here`);
  return hit;
}

const roomOf = (file: string): string => {
  const [first, second] = relative(src, file).split("/");
  return second === undefined ? first!.replace(/\.ts$/, "") : first!;
};

/** Which rooms a room may import (files that lie directly in src are leaves that everybody may use). */
const leaves = [
  "errors",
  "expect",
  "cell-text",
  "version",
  "terminal",
  "advice",
  "folders",
  "write-whole",
  "private-files",
  "cell",
  "display",
  "pause",
  "optional-package",
];
const allowed: Record<string, string[]> = {
  avro: [],
  alert: ["avro"],
  stream: [],
  files: ["alert", "avro", "stream"],
  simulate: ["alert", "avro", "stream"],
  broker: [],
  kafka: ["alert", "avro", "stream", "broker"],
  select: ["alert", "stream"],
  match: ["alert", "stream", "explore"],
  explore: ["alert", "stream"],
  plot: ["alert", "select", "match"],
  lesson: [],
  engine: ["broker"],
  kernel: [],
  cli: [
    "index",
    "alert",
    "avro",
    "stream",
    "files",
    "simulate",
    "broker",
    "kafka",
    "select",
    "match",
    "explore",
    "plot",
    "lesson",
    "engine",
  ],
};

/** Tables have to know whether an alert has a field. */
const fieldsForPlot = ["alert/common-view.ts", "alert/fields.ts", "alert/field-type.ts", "alert/json.ts"];

const imports = files.flatMap(importsOf);

describe("the structure of src", () => {
  it("has files to look at", () => expect(files.length).toBeGreaterThan(30));

  it("keeps the import table", () => {
    const broken = imports
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !leaves.includes(roomOf(to)))
      .filter(({ from, to, typeOnly }) => {
        const room = roomOf(from);
        if (room === "index") return false;
        // what is reached through a room may lie in another: `match.separationArcsec`
        if (relative(src, from) === `${room}/index.ts` && roomOf(to) === "alert") return false;
        if (!allowed[room]?.includes(roomOf(to))) return true;
        if (room === "plot") return !typeOnly && !fieldsForPlot.includes(relative(src, to));
        return false;
      })
      .map(({ from, to }) => `${relative(src, from)} → ${relative(src, to)}`);
    expect(broken).toEqual([]);
  });

  it("keeps kafkajs inside kafka/client; what starts a broker or logs in to one has its own few uses", () => {
    const mayLogIn = [
      "broker/credentials.ts",
      "broker/oauth-login.ts",
      "broker/seed-brokers.ts",
      "broker/mend-kafkajs.ts",
      "engine/ping.ts",
      "engine/secure/users.ts",
    ];
    const outside = files
      .filter((file) => /(?:from|require\(|import\()\s*"kafkajs[/"]/.test(readFileSync(file, "utf8")))
      .map((file) => relative(src, file).replaceAll("\\", "/"))
      .filter((name) => !name.startsWith("kafka/client/") && !mayLogIn.includes(name));
    expect(outside).toEqual([]);
  });

  it("speaks ZeroMQ in the kernel alone; its compiler checks filter files as well", () => {
    const uses = (pattern: RegExp) =>
      files.filter((file) => pattern.test(readFileSync(file, "utf8"))).map((file) => roomOf(file));
    expect(new Set(uses(/from "(zeromq|tslab)"/))).toEqual(new Set(["kernel"]));
    expect(uses(/"typescript-6"/).filter((room) => room !== "kernel" && room !== "cli")).toEqual([]);
  });

  it("has no import cycles, types included", () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].map((f) => relative(src, f)).join(" → "));
        return;
      }
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) walk(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it("lets everything that a terminal shows go through one file", () => {
    // what cells draw is the notebook's; progress lines rewrite themselves there as well
    const others = /^(terminal\.ts|stream\/progress\.ts|(lesson|plot|kernel)\/|cli\/commands\/shell\.ts)/;
    const raw = /(process\.(stdout|stderr)\.write|console\.(log|error|warn|info))\(/;
    const writers = files
      .filter((file) => !others.test(relative(src, file)))
      .flatMap((file) => {
        const lines = readFileSync(file, "utf8").split("\n");
        return lines.filter((line) => raw.test(line) && !/^\s*(\*|\/\*\*)/.test(line)).map(() => relative(src, file));
      });
    expect(writers).toEqual([]);
  });

  it("has indexes that are tables of contents: export lines and nothing else", () => {
    // a function with members cannot be made by export lines; its members are in members.ts
    const indexes = files
      .filter((file) => /^((\w+\/)?index|select\/members)\.ts$/.test(relative(src, file)))
      .filter((file) => !file.endsWith("select/index.ts"));
    expect(indexes.length).toBeGreaterThan(10);
    const statements = indexes.flatMap((file) =>
      readFileSync(file, "utf8")
        .replaceAll(/\/\*\*.*?\*\//gs, "")
        // TypeScript 6 and 7 take no package of types by itself, and ours name Node's
        .replace(/^\/\/\/ <reference types="node" preserve="true" \/>\n/, "")
        .split(";"),
    );
    const line = /^export (type )?(\* as \w+|\{[^}]*\}) from "\.\.?\/[\w/.-]+"$/;
    expect(statements.map((part) => part.trim()).filter((part) => part !== "" && !line.test(part))).toEqual([]);
  });

  it("imports indexes in the command line and the index alone: files of a room import files", () => {
    const indexes = imports.filter(({ to }) => /^\w+\/index\.ts$/.test(relative(src, to)));
    const inside = indexes.filter(({ from }) => !["index", "cli"].includes(roomOf(from)));
    expect(inside.map(({ from, to }) => `${relative(src, from)} → ${relative(src, to)}`)).toEqual([]);
  });
});
