import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { root } from "../helpers/data";
import { scratch } from "./make";

const folder = scratch();

/**
 * Inputs of at most a few megabytes that want more than their share, and what reads them: each a line of a script with
 * the library as `lib`, internal files by `file(name)`, and the input as `path`.
 */
const inputs: Record<string, { bytes: () => Buffer | string; read: string; code: string | null }> = {
  "a header with one name 100,000 times": {
    bytes: () => `ra,dec,${"c,".repeat(100_000)}x\n1,2,${"3,".repeat(100_000)}4\n`,
    read: "await lib.match.loadCatalog(path)",
    code: null,
  },
  "a header of brackets": {
    bytes: () => `${"[".repeat(400_000)},x\n1,2\n`,
    read: "await lib.match.loadCatalog(path)",
    code: "CATALOG",
  },
  "rows of empty cells that unpack a thousandfold": {
    bytes: () => gzipSync(Buffer.concat([Buffer.from("ra,dec\n"), Buffer.from(",\n".repeat(2e7))])),
    read: "await lib.match.loadCatalog(path)",
    code: "CATALOG",
  },
  "rows that are all bad": {
    bytes: () => `ra,dec\n${"x,y\n".repeat(150_000)}`,
    read: "await lib.match.loadCatalog(path)",
    code: "CATALOG",
  },
  "a schema with one name 4,900 times": {
    bytes: () =>
      JSON.stringify({
        type: "record",
        name: "r",
        fields: Array.from({ length: 4900 }, (_, size) => ({
          name: `f${size}`,
          type: { type: "fixed", name: "x", size },
        })),
      }),
    read: "file('avro/schema').parseSchema(text())",
    code: null,
  },
  "a schema of 64 levels around 5 MB of text": {
    bytes: () => {
      let type: unknown = { type: "fixed", name: "x".repeat(5_000_000), size: 1 };
      for (let n = 0; n < 60; n++) type = { type: "record", name: `r${n}`, fields: [{ name: "a", type }] };
      return JSON.stringify(type);
    },
    read: "file('avro/schema').parseSchema(text())",
    code: "SCHEMA_INVALID",
  },
  "an index page of links that do not end": {
    bytes: () => 'href="ztf_public_20181129.tar.gz" '.repeat(100_000),
    read: "file('files/archive').parseIndex(text())",
    code: null,
  },
  "an index page of brackets that do not close": {
    bytes: () => `<a href="ztf_public_20181129.tar.gz">x</a>${"<".repeat(2_000_000)}`,
    read: "file('files/archive').parseIndex(text())",
    code: null,
  },
  "a list of checksums that is one line": {
    bytes: () => `${"a".repeat(32)}${" ".repeat(2_000_000)}x`,
    read: "file('files/archive').parseChecksums(text())",
    code: null,
  },
  "a conf file that doubles a value 60 times": {
    bytes: () => `KAFKA_TOPIC=a\n${"KAFKA_TOPIC=$KAFKA_TOPIC$KAFKA_TOPIC\n".repeat(60)}`,
    read: "file('files/fink-conf').readFinkConf(path)",
    code: "USAGE",
  },
  "an angle of spaces": {
    bytes: () => `1 2${" ".repeat(1_000_000)}x`,
    read: "file('match/sexagesimal').parseSexagesimal(text())",
    code: null,
  },
};

it("each costs at most 10 s and a heap of 256 MB", () => {
  const cases = Object.entries(inputs).map(([name, { bytes, read }], n) => {
    const path = join(folder, `${n}`);
    writeFileSync(path, bytes());
    return `await measure(${JSON.stringify(name)}, ${JSON.stringify(path)}, async (path, text) => { ${read}; });`;
  });
  const script = `
    const dist = ${JSON.stringify(join(root, "dist"))};
    const lib = require(dist);
    const file = (name) => require(dist + "/" + name);
    const found = {};
    const measure = async (name, path, read) => {
      const started = performance.now();
      let code = null;
      try { await read(path, () => require("node:fs").readFileSync(path, "utf8")); } catch (error) { code = error.code ?? String(error).slice(0, 200); }
      found[name] = { code, slow: performance.now() - started > 10_000 };
    };
    (async () => { ${cases.join("\n")} console.log(JSON.stringify(found)); })();`;
  const run = spawnSync(process.execPath, ["--max-old-space-size=256", "-e", script], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  const expected = Object.entries(inputs).map(([name, { code }]) => [name, { code, slow: false }]);
  expect(JSON.parse(run.stdout)).toEqual(Object.fromEntries(expected));
}, 120_000);
