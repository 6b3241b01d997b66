// @module-tag long
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { localNights } from "../../src/files/local-nights";
import { readAlerts } from "../../src/files/read-alerts";
import { readVisits } from "../../src/files/read-visits";
import { makeAlert } from "../helpers/alerts";
import { root } from "../helpers/data";
import { inProcess } from "../helpers/in-process";
import { errorOf, scratch, tarOf } from "./make";

const folder = scratch();
const empty = (count: number) => tarOf(Array.from({ length: count }, (_, n) => [`${n}.avro`, ""] as const));

/** What cannot be read of a file, as codes with their number. */
async function failuresOf(path: string, options = {}): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const onFailure = ({ error }: { error: any }) => {
    counts[error.code] = (counts[error.code] ?? 0) + 1;
  };
  await readAlerts(path, { ...options, onFailure }).toArray();
  return counts;
}

describe("an archive without end", () => {
  const nested = join(folder, "nested.tar.gz");
  beforeAll(async () => {
    const inner = gzipSync(await empty(300));
    const middle = gzipSync(await tarOf(Array.from({ length: 300 }, (_, n) => [`${n}.tar.gz`, inner] as const)));
    const outer = Array.from({ length: 300 }, (_, n) => [`${n}.tar.gz`, middle] as const);
    writeFileSync(nested, gzipSync(await tarOf(outer))); // 27 million entries
  });

  it("is given up after so many entries, those of archives in it included, and the next file is read", async () => {
    const counts = await failuresOf(nested, { maxEntries: 2000 });
    expect(counts.ARCHIVE).toBe(1);
    expect(counts.AVRO_TRUNCATED).toBeLessThan(2000);
    const good = join(folder, "z.avro");
    writeFileSync(good, makeAlert(1).bytes);
    const ledger = readAlerts([nested, good], { maxEntries: 2000, onFailure: () => {} });
    expect((await ledger.toArray()).length).toBe(1);
  });

  it("is bounded in what it unpacks in all, not only in each part", async () => {
    const zeros = gzipSync(Buffer.alloc(900_000));
    const many = join(folder, "zeros.tar.gz");
    writeFileSync(many, gzipSync(await tarOf(Array.from({ length: 500 }, (_, n) => [`${n}.gz`, zeros] as const))));
    const counts = await failuresOf(many, { maxBytes: 1_000_000 });
    expect(counts.GZIP).toBe(1);
    expect(Object.values(counts).reduce((sum, n) => sum + n)).toBeLessThan(20);
  });

  it("ends when it is asked to, wherever it is read", async () => {
    const reading = (work: (signal: AbortSignal, stop: () => void) => Promise<unknown>) => {
      const controller = new AbortController();
      return errorOf(work(controller.signal, () => controller.abort()));
    };
    let failures = 0;
    const aborted = [
      await reading((signal, stop) =>
        readAlerts(nested, { signal, onFailure: () => void (++failures === 3 && stop()) }).toArray(),
      ),
      await reading((signal, stop) => readVisits(nested, { signal, onFailure: stop }).toArray()),
      await reading((signal, stop) => localNights(folder, { read: true, signal, onFailure: stop })),
    ];
    expect(aborted.map(({ code }) => code)).toEqual(["ABORTED", "ABORTED", "ABORTED"]);
    expect(failures).toBe(3);
  });

  it("has its first failures said, and the others counted", async () => {
    const flat = join(folder, "flat.tar");
    writeFileSync(flat, await empty(500));
    const run = await inProcess(["read", flat]);
    expect(run.code).toBe(1);
    expect(
      run.stderr
        .trimEnd()
        .split("\n")
        .filter((line) => line.startsWith("alerts: ")).length,
    ).toBe(21);
    expect(run.stderr).toContain("alerts: and 480 more: 480 AVRO_TRUNCATED\nread 0, failed 500\n");
  });

  it("repeats no name of megabytes, and copies no header of a hundred thousand fields for every entry", async () => {
    const long = join(folder, "long.tar");
    writeFileSync(long, await tarOf([["x".repeat(3_000_000), "no alert"]]));
    const errors: any[] = [];
    await readAlerts(long, { onFailure: ({ error }) => errors.push(error) }).toArray();
    expect(errors.map(({ code, message }) => [code, message.length < 10_000])).toEqual([["ARCHIVE", true]]);
    const pax = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, "v"]));
    const fields = join(folder, "fields.tar");
    writeFileSync(
      fields,
      await tarOf([
        ["a.avro", "no alert", { pax }],
        ["b.avro", "no alert", { pax }],
      ]),
    );
    expect(await failuresOf(fields)).toEqual({ ARCHIVE: 1 });
  });
});

describe("--set-aside of many members", () => {
  it("costs little memory, and no time for what lies before", async () => {
    const count = 20_000;
    const archive = join(folder, "many.tar");
    // names alike: the number that makes them different must not be looked for from 2 on each time
    writeFileSync(
      archive,
      await tarOf(
        Array.from(
          { length: count },
          (_, n) => [`${n % 2 ? "a" : "ä"}/${n >> 1 < 5000 ? "x" : n}.avro`, "no alert"] as const,
        ),
      ),
    );
    const aside = join(folder, "aside");
    const script = `
      const { readAlerts } = require(${JSON.stringify(join(root, "dist/index.js"))});
      let failed = 0;
      readAlerts(${JSON.stringify(archive)}, { setAside: ${JSON.stringify(aside)}, onFailure: () => failed++ })
        .toArray().then(() => console.log(failed));`;
    const run = spawnSync(process.execPath, ["--max-old-space-size=64", "-e", script], {
      encoding: "utf8",
      timeout: 50_000,
    });
    expect([run.stdout, run.stderr]).toEqual([`${count}\n`, ""]);
    const reasons = readFileSync(join(aside, "reasons.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(reasons.length).toBe(count);
    expect(new Set(readdirSync(aside)).size).toBe(count + 1);
    expect(reasons[0]).toMatchObject({ path: `${archive}!ä/x.avro`, code: "NOT_AVRO" });
  }, 60_000);
});
