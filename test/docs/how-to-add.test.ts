import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "avsc";
import { transpileModule } from "typescript-6";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { alertFieldsPage } from "./alert-fields";
import { apply, blocksOf } from "./page-blocks";

const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "how-to-add-"));
const home = join(folder, "state");
const run = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: folder, env: { ...process.env, BOOTCAMP_HOME: home }, encoding: "utf8" });
/** What a script prints as JSON, with the library that was built with all the changes in `bootcamp`. */
const inLibrary = (script: string, ...args: string[]) =>
  JSON.parse(run("-e", `const bootcamp = require("./dist"); (async () => { ${script} })();`, ...args));
const night = "const night = await bootcamp.simulateNight({ seed: 7, stamps: 'none' }).alerts().toArray();";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what CONTRIBUTING says how to add", { tags: ["long"] }, () => {
  beforeAll(() => {
    for (const name of ["node_modules", "package.json"]) symlinkSync(join(root, name), join(folder, name));
    for (const name of ["src", "tsconfig.json"]) cpSync(join(root, name), join(folder, name), { recursive: true });
    const headings = [...page.matchAll(/^### (… .+)$/gm)].map(([, heading]) => heading!);
    expect(headings).toEqual(["… a cut", "… a survey", "… a field", "… a command", "… a lesson"]);
    const blocks = headings.flatMap((heading) => blocksOf(page, heading)).filter(({ file }) => file.startsWith("src/"));
    for (const block of blocks) apply(block, folder);
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const built = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { encoding: "utf8" });
    expect(built.stdout).toBe("");
  }, 180_000);

  it("a cut selects, in a cell and from the command line", () => {
    const found = inLibrary(`${night}
      const far = (d) => d === null || d < 0 || d > 5;
      console.log(JSON.stringify({
        chosen: night.filter(bootcamp.cut.ready.hostless).length,
        byHand: night.filter((a) => far(a.packet.candidate.distpsnr1)).length,
        all: night.length,
      }))`);
    expect(found.chosen).toBe(found.byHand);
    expect(found.chosen).toBeGreaterThan(0);
    expect(found.chosen).toBeLessThan(found.all);
    expect(run("dist/cli/main.js", "filter", "--list")).toMatch(/^hostless\n.*\n {2}source: Fink/m);
  });

  it("a survey decodes a packet, with its common view", () => {
    const source = ["julianDate", "raDeg", "decDeg", "abMag"].map((name) => ({ name, type: ["null", "double"] }));
    const schema = {
      type: "record",
      name: "skycam.alert",
      fields: [
        { name: "id", type: "long" },
        { name: "star", type: "string" },
        {
          name: "source",
          type: { type: "record", name: "source", fields: [...source, { name: "filter", type: "string" }] },
        },
      ],
    };
    const packet = {
      id: 42,
      star: "S7",
      source: { julianDate: 2460000.75, raDeg: 10, decDeg: -5, abMag: 17.5, filter: "r" },
    };
    const type = Type.forSchema(schema as any);
    const [bytes, unknown] = [packet, { ...packet, source: { ...packet.source, julianDate: null, raDeg: null } }].map(
      (one) => type.toBuffer(one),
    );
    const seen = inLibrary(
      `const alert = bootcamp.decodeAlert(Buffer.from(process.argv[1], "hex"), { schema: process.argv[2] });
      console.log(JSON.stringify({ ...JSON.parse(bootcamp.explore.toJson(alert)), missing: alert.missing }));`,
      bytes!.toString("hex"),
      JSON.stringify(schema),
    );
    const nulls = inLibrary(
      `const { mjdUtc, ra } = bootcamp.decodeAlert(Buffer.from(process.argv[1], "hex"), { schema: process.argv[2] });
      console.log(JSON.stringify([mjdUtc, ra].map(String)));`,
      unknown!.toString("hex"),
      JSON.stringify(schema),
    );
    expect(nulls).toEqual(["NaN", "NaN"]);
    expect(seen).toMatchObject({
      survey: "skycam",
      alertId: "42",
      objectId: "S7",
      ra: 10,
      dec: -5,
      mjdUtc: 60000.25,
      band: "r",
      mag: 17.5,
    });
    expect(seen.missing).toEqual(expect.arrayContaining(["fluxNJy", "realBogus"]));
  });

  it("a field is there in properties, JSON, the table and the reference page", () => {
    const found = inLibrary(`${night}
      const { commonFields } = require("./dist/alert/common-view");
      const [alert] = night;
      console.log(JSON.stringify({
        value: alert.fwhm,
        packet: alert.packet.candidate.fwhm,
        json: JSON.parse(bootcamp.explore.toJson(alert)).fwhm,
        table: bootcamp.table(night).columns,
        passed: night.filter(bootcamp.cut("sharp", "fwhm", { max: 2 })).length,
        commonFields,
      }))`);
    expect(found).toMatchObject({ value: found.packet, json: found.packet });
    expect(found.packet).toBeGreaterThan(0);
    expect(found.passed).toBeGreaterThan(0);
    expect(found.table).toContain("fwhm");
    const view = readFileSync(join(folder, "src/alert/common-view.ts"), "utf8");
    expect(alertFieldsPage(found.commonFields, { view, types: "" }, {})).toContain(
      "| Full width at half maximum of the source in the difference image. |",
    );
  });

  it("a command has help, completion and options with a type", () => {
    const { files, byHand } = inLibrary(`${night}
      const files = require("node:fs").mkdtempSync(${JSON.stringify(join(folder, "alerts-"))});
      await bootcamp.files.writeAlerts(night, files);
      console.log(JSON.stringify({ files, byHand: night.filter((a) => a.mag < 18).length }))`);
    expect(run("dist/cli/main.js", "count", files, "--brighter", "18")).toBe(`${byHand}\n`);
    expect(run("dist/cli/main.js", "--help")).toMatch(/^ {2}count +count the alerts in files$/m);
    expect(run("dist/cli/main.js", "completion", "bash")).toContain("--brighter");
  });

  it("a lesson's check judges, its hints and its solution are shown, and progress counts it", () => {
    const cell = blocksOf(page, "… a lesson").find(({ file }) => file.startsWith("notebooks/"))!;
    const script = `${night}
      const { check, cut, hint, progress, solution } = bootcamp;
      const said = [];
      console.log = (line) => said.push(line);
      hint("8.1");
      check("8.1", -1, night);
      solution("8.1");
      const near = eval("(() => { " + said[2] + "\\nreturn near; })()");
      ${transpileModule(cell.text, {}).outputText}
      progress();
      const known = night.filter((a) => a.packet.candidate.ssdistnr !== null && a.packet.candidate.ssdistnr >= 0);
      const byHand = known.filter((a) => a.packet.candidate.ssdistnr <= 5).length;
      process.stdout.write(JSON.stringify({ said, byHand }));`;
    const { said, byHand } = inLibrary(script);
    const [hint, wrong, , right, ...parts] = said as string[];
    expect(hint).toContain("Hint 1 of 1: The distance is");
    expect(wrong).toMatch(/^✗ 8\.1 alerts near a known asteroid: -1, /);
    expect(right).toContain(`✓ 8.1 alerts near a known asteroid: ${byHand} (try 2)`);
    expect(byHand).toBeGreaterThan(0);
    expect(parts.at(-1)).toMatch(/^Part 8 {2}Asteroids .* 1 of 1, 0 without the solution$/);
  });
});

describe("the map of src in CONTRIBUTING", () => {
  const [, lines] = /^## A map of `src\/`\n\n```text\nsrc\/\n([\s\S]*?)```/m.exec(page)!;

  /** The folders of a listing whose depth is its indentation, two spaces and four for what is inside. */
  const listed: string[] = [];
  const above: string[] = [];
  for (const line of lines!.trimEnd().split("\n")) {
    const [, indent, name, meaning] = /^( +)(\S+) +(\S.*)$/.exec(line)!;
    above.length = (indent!.length - 2) / 2;
    if (name!.endsWith("/")) above.push(name!.slice(0, -1));
    if (name!.endsWith("/")) listed.push(above.join("/"));
    if (meaning!.length < 5) throw new Error(`what is ${name}?`);
  }

  it("has each folder that is there, and no other", () => {
    const folders = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "__snapshots__")
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "src").length + 1));
    expect(listed.length).toBeGreaterThan(30);
    expect(listed.sort()).toEqual(folders.sort());
  });
});
