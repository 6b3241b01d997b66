import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { describeTopic } from "../../src/kafka/admin/topics";
import { publish } from "../../src/kafka/publish/publish";
import { loadReservoir } from "../../src/kafka/reservoir/load";
import { playReservoir } from "../../src/kafka/reservoir/play";
import { simulateNight } from "../../src/simulate/night";
import { makeAlert } from "../helpers/alerts";
import { alerts as run } from "../helpers/alerts-command";

const bootstrap = inject("bootstrap");
const folder = mkdtempSync(join(tmpdir(), "bootcamp-filter-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const alerts = (...args: string[]) => run(args, { env: { KAFKA_BOOTSTRAP: bootstrap } });
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  await loadReservoir(simulateNight({ alerts: 300, visits: 20 }), { bootstrap, topic: "c-reservoir" });
  await playReservoir("c-reservoir", "c-night", { bootstrap, fast: true });
  const small = Array.from({ length: 30 }, (_, n) => makeAlert(n, { mag: 15 + (n % 10) }));
  await publish(small, { bootstrap, topic: "c-small", fast: true });
});

async function refused(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await alerts("filter", ...args);
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
}

describe("alerts filter", () => {
  it("runs three ready-made cuts over a played-back night and prints a balanced ledger", async () => {
    const cuts = ["ztf-purity", "ztf-transient", "template"];
    const dry = await alerts("filter", "c-night", ...cuts.flatMap((name) => ["--filter", name]), "--dry-run");
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringContaining("dry run, nothing sent: 300 alerts")]);
    expect(dry.stdout).toMatch(/all alerts +300 +100\.0 %/);
    expect(dry.stdout).toMatch(/round +≤ 1\.2/);
    await expect(describeTopic("c-night.template", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });

    const real = await alerts("filter", "c-night", ...cuts.flatMap((name) => ["--filter", name]));
    expect([real.code, real.stderr]).toEqual([0, expect.stringContaining("the books balance: read = selected")]);
    const rows = real.stdout.split("\n").filter((line) => /^(ztf-|template)/.test(line));
    expect(rows.length).toBe(3);
    for (const row of rows) {
      const [name, topic, ...counts] = row.trim().split(/\s+/);
      const [read, selected, rejected, capped, dead, pending] = counts.map(Number);
      expect([topic, read, pending, dead]).toEqual([`c-night.${name}`, 300, 0, 0]);
      expect(selected! + rejected! + capped!).toBe(300);
      expect((await describeTopic(topic!, { bootstrap })).messages).toBeGreaterThanOrEqual(BigInt(selected!));
    }
    const again = await alerts("filter", "c-night", ...cuts.flatMap((name) => ["--filter", name]), "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ read: 0, balanced: true });
  });

  it("takes a TypeScript file with one or several filters, and what it imports", async () => {
    file("limits.ts", "export const limit: number = 17;\n");
    const path = file(
      "two.ts",
      `import { cut, type Alert } from "alert-bootcamp";
import { limit } from "./limits";
export default [cut("c two bright", (a: Alert) => a.mag, { below: limit }), function c_odd(a: Alert) { return Math.round(a.mag) % 2 === 1; }];\n`,
    );
    const plain = file("c-plain.js", "module.exports = (a) => a.mag >= 20;\n");
    const named = ["-f", plain, "--name", "c-named", "--out", "c-elsewhere"];
    const { code, stdout, stderr } = await alerts("filter", "c-small", "-f", path, "-f", plain, ...named, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { filters } = JSON.parse(stdout);
    expect(filters.map((f: Record<string, unknown>) => [f.filter, f.topic, f.selected])).toEqual([
      ["two-1", "c-small.two-1", 6],
      ["two-c_odd", "c-small.two-c_odd", 15],
      ["c-plain", "c-small.c-plain", 15],
      ["c-named", "c-elsewhere", 15],
    ]);
  });

  it("says what is wrong with file, line and message, sends nothing and ends with 2", { tags: ["long"] }, async () => {
    const syntax = file("syntax.ts", "export default (a) =>\n  a.mag < ;\n");
    const types = file(
      "types.ts",
      'import type { Alert } from "alert-bootcamp";\nexport default (a: Alert) => a.magnitude < 16;\n',
    );
    const throws = file("throws.ts", 'throw new Error("no");\nexport {};\n');
    const number = file("number.ts", "export default 16;\n");
    const cases: [string[], RegExp][] = [
      [["c-small", "-f", syntax], /syntax\.ts:2:\d+: .*at line 2: Expression expected/],
      [["c-small", "-f", types], /types\.ts:2:\d+: .*Property 'magnitude' does not exist/],
      [["c-small", "-f", throws], /throws\.ts: Expected a filter file that loads, got: no/],
      [["c-small", "-f", number], /a function of the alert as default export, got 16 \(number\)/],
    ];
    for (const [args, message] of cases) await refused(args, message);
    await expect(describeTopic("c-small.syntax", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
  });

  it("says what was expected of names, topics and numbers, sends nothing and ends with 2", {
    tags: ["long"],
  }, async () => {
    const good = file("c-good.ts", "export default (a) => a.mag < 16;\n");
    const noSchema = file("no.avsc", '{"type": "int"}');
    const cases: [string[], RegExp][] = [
      [["c-small", "-f", join(folder, "absent.ts")], /a ready-made filter or a file with one/],
      [["c-small", "-f", "no-such-cut"], /the name of a ready-made cut, got "no-such-cut"/],
      [["c-small", "-f", "template", "-f", "template"], /filters of different names, got "template" twice/],
      [["c-good", "-f", good, "--out", "c-good"], /an output of filter "c-good" other than the topic it reads/],
      [["c-small", "--out", "x", "-f", good], /--filter before --out, got "x"/],
      [["c-small", "-f", good, "--name", "x", "--name", "y"], /one --name for --filter .*, got "y"/],
      [["c-small", "-f", "template", "--cap", "0"], /a cap of 1 alert per visit or more, got 0/],
      [["c-small", "-f", "template", "--until", "noon"], /--until caught-up, idle or forever, got "noon"/],
      [["c-small", "-f", "template", "--slow", "0"], /slowMs above 0/],
      [["c-small", "-f", "template", "--resume", "ztf-star"], /one of the filters template to resume, got "ztf-star"/],
      [["c-small", "-f", "template", "--resume", "template"], /a filter that its job has left behind, got "template"/],
      [["c-small", "-f", "template", "--schema", join(folder, "absent.avsc")], /an Avro schema in .*absent\.avsc, got/],
      [["c-small", "-f", "template", "--schema", noSchema], /an Avro schema in .*no\.avsc, got/],
      [["c-absent", "-f", "template"], /topic "c-absent"/],
      [["c-small"], /--filter NAME or --filter FILE\.ts/],
      [[], /the name of a topic/],
    ];
    for (const [args, message] of cases) await refused(args, message);
    await expect(describeTopic("c-good.c-good", { bootstrap })).rejects.toMatchObject({ code: "TOPIC_ABSENT" });
  });

  it("lists the ready-made filters with their cuts", async () => {
    const { code, stdout } = await alerts("filter", "--list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^template\n {2}significant {2}> 5\n {2}bright {2}< 20\n/);
    for (const name of ["ztf-purity", "ztf-transient", "ztf-star", "lsst-quality"]) {
      expect(stdout.split("\n")).toContain(name);
    }
  });
});

describe("alerts dead and groups", () => {
  it("shows and replays what a filter threw on, and moves a group", { tags: ["long"] }, async () => {
    const path = file(
      "c-fussy.ts",
      'import type { Alert } from "alert-bootcamp";\nexport default (a: Alert) => { if (a.mag >= 24) throw new Error("too faint"); return true; };\n',
    );
    const first = await alerts("filter", "c-small", "-f", path, "-g", "c-group", "--json");
    expect(JSON.parse(first.stdout).filters[0]).toMatchObject({ selected: 27, dead: 3 });
    const list = await alerts("dead", "list", "c-small", "--json");
    const letters = list.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(letters.length).toBe(3);
    expect(letters[0]).toMatchObject({
      filter: "c-fussy",
      code: "SELECTION",
      reason: expect.stringContaining("too faint"),
    });
    const show = await alerts("dead", "show", `c-small[${letters[0].partition}]@${letters[0].offset}`);
    expect(show.stdout).toContain('filter "c-fussy" failed on it');
    expect((await alerts("dead", "show", "c-small/0/0")).code).toBe(2);
    const replay = await alerts("dead", "replay", "c-small", "--filter", "c-fussy", "--to", "c-night", "--json");
    expect(JSON.parse(replay.stdout)).toEqual({ read: 3, replayed: 3, skipped: 0 });

    const info = JSON.parse((await alerts("groups", "describe", "c-group", "--json")).stdout);
    expect(info).toMatchObject({ group: "c-group", members: 0, state: "Empty" });
    expect(info.partitions.map((p: { lag: number }) => p.lag)).toEqual([0, 0, 0, 0]);
    const reset = await alerts("groups", "reset", "c-group", "c-small", "--to", "earliest");
    expect([reset.code, reset.stderr]).toEqual([0, ""]);
    const listed = await alerts("groups", "list", "--json");
    const rows = listed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.find(({ group }) => group === "c-group")).toMatchObject({ topics: ["c-small"], lag: 30 });
    expect((await alerts("groups", "reset", "c-group", "c-small", "--to", "noonish")).code).toBe(2);
    const day = await alerts("groups", "reset", "c-group", "c-small", "--to", "60380");
    expect([day.code, day.stderr]).toEqual([2, expect.stringContaining("2024-03-11")]); // of this MJD
    expect((await alerts("groups", "delete", "c-group")).stdout).toBe("deleted c-group\n");
    expect((await alerts("groups", "describe", "c-group")).code).toBe(2);
  });
});
