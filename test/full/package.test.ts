import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaVersion } from "../../src/engine/paths";
import * as library from "../../src/index";
import { root } from "../helpers/data";

const folder = mkdtempSync(join(tmpdir(), "bootcamp-package-"));
/** A project of somebody else's that installs the archive. */
const project = join(folder, "project");
const state = join(folder, "state");
const modules = join(project, "node_modules");
const env: NodeJS.ProcessEnv = { ...process.env, XDG_STATE_HOME: state, HOME: folder };
for (const name of ["BOOTCAMP_HOME", "BOOTCAMP_DATA", "KAFKA_BOOTSTRAP"]) delete env[name];

const npm = (...args: string[]) => execFileSync("npm", [...args], { cwd: project, encoding: "utf8" });
const run = (program: string, ...args: string[]) => spawnSync(program, args, { cwd: project, env, encoding: "utf8" });
const alerts = (...args: string[]) => run(join(modules, ".bin/alerts"), ...args);
/** What a module of the project prints. */
function output(file: string, text: string): string {
  writeFileSync(join(project, file), text);
  const { stdout, stderr } = run(process.execPath, file);
  expect(stderr).toBe("");
  return stdout;
}
const listing = () => readdirSync(modules, { recursive: true }).sort();

let packed: string[];
let installed: unknown[];
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  mkdirSync(project);
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [archive] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" }));
  packed = archive.files.map(({ path }: { path: string }) => path);
  npm("init", "--yes");
  npm("install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, archive.filename));
  installed = listing();
});

describe("the package", () => {
  it("has the built library, and what its commands read; no sources and no tests", () => {
    expect(packed.length).toBeLessThan(1100);
    expect(packed).toEqual(expect.arrayContaining(["README.md", "LICENSE", "dist/index.js", "docker/kafka/pom.xml"]));
    const other = /^(dist\/|docker\/(kafka|monitoring)\/|docker\/notebook\/requirements\.txt|notebooks\/own\/)/;
    expect(packed.filter((path) => !other.test(path)).sort()).toEqual(
      [".env.example", "LICENSE", "README.md", "docker-compose.yml", "notebooks/scratch.ipynb", "package.json"].sort(),
    );
    expect(packed.filter((path) => /\.test\.|\.map$/.test(path))).toEqual([]);
  });

  it("is imported by name from ES modules, and required", () => {
    const names = Object.keys(library).sort();
    const imported = output("all.mjs", 'import * as all from "alert-bootcamp"; console.log(Object.keys(all).join());');
    const found = imported.trim().split(",");
    // what Node adds to every CommonJS module
    expect(found.filter((name) => !/^(default|module\.exports|__esModule)$/.test(name)).sort()).toEqual(names);
    const script = (line: string) => `${line}
      const bright = cut("bright", "mag", { max: 18 });
      simulateNight({ seed: 7, alerts: 20, visits: 2 }).alerts().filter(bright).toArray().then((some) =>
        console.log(some.length, plot.lightCurve(some[0]).data.length > 0));`;
    const line = "{ cut, plot, simulateNight }";
    const byImport = output("by-import.mjs", script(`import ${line} from "alert-bootcamp";`));
    expect(byImport).toMatch(/^[1-9]\d* true\n$/);
    expect(output("by-require.cjs", script(`const ${line} = require("alert-bootcamp");`))).toBe(byImport);
  });

  it.each(["typescript", "typescript-6"])("has types that are checked in strict mode: %s", (compiler) => {
    const text = (seed: string) => `
      import { type Alert, cut, simulateNight, explore } from "alert-bootcamp";
      const night: Alert[] = await simulateNight({ seed: ${seed} }).alerts().filter(cut("b", (a) => a.mag, { max: 18 })).toArray();
      export const rows: Promise<object[]> = explore.sql(night, "SELECT 1");
      export const id: bigint | string | null = night[0]!.alertId;`;
    const check = (name: string, seed: string) => {
      writeFileSync(join(project, name), text(seed));
      const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--pretty", "false"];
      return run(process.execPath, join(root, "node_modules", compiler, "bin/tsc"), ...options, name).stdout;
    };
    expect(check("right.mts", "7")).toBe("");
    expect(check("wrong.mts", '"7"')).toMatch(/^wrong\.mts\(3,.*'string' is not assignable to type 'number'/);
  });

  it("does nothing when it is imported", () => {
    const seen = output(
      "quiet.cjs",
      `const look = () => JSON.stringify([Object.getOwnPropertyNames(globalThis), process.eventNames(), process.env,
         process.getActiveResourcesInfo(), Object.getOwnPropertyNames(Array.prototype)]);
       const before = look();
       require("alert-bootcamp");
       console.log(look() === before);`,
    );
    expect(seen).toBe("true\n");
  });

  it("brings none of what only notebooks need, and says what to install where that is used", () => {
    for (const name of ["danfojs-node", "@tensorflow", "tslab", "zeromq", "playwright-core"])
      expect(existsSync(join(modules, name)), name).toBe(false);
    const said = output(
      "frame.mjs",
      `import { explore, plot } from "alert-bootcamp";
       const rows = [{ a: 1 }];
       const says = (work) => work.then(String, (error) => error.code + " " + error);
       console.log(await says(explore.toDataFrame(rows)));
       console.log(await says(plot.save(plot.scatter(rows, { x: "a", y: "a" }), "figure.png")));
       console.log((await explore.sql(rows, "SELECT a + 1 AS b FROM alerts"))[0].b);`,
    );
    expect(said).toMatch(
      /MISSING_PROGRAM explore\.toDataFrame needs the package danfojs-node, .*\n {2}→ run: npm pkg set .* && npm install danfojs-node@1\.2\.0\n/,
    );
    expect(said).toMatch(
      /needs the package playwright-core, .*\n {2}→ run: npm install playwright-core@1\.65\.1\n2\n$/,
    );
    const kernel = alerts("kernel", "install");
    expect(kernel.stderr).toMatch(/needs the package zeromq, .*\n.*run: npm install zeromq@6\.8\.0\n/);
    expect(kernel.status).toBe(1);
  });
});

describe("its command", () => {
  it("runs, and looks for nights in the working folder", () => {
    expect(run("npx", "alerts", "--help").stdout).toContain("Usage: alerts");
    expect(alerts("simulate", "--alerts", "20", "--visits", "2", "--folder", "data/night").status).toBe(0);
    const read = alerts("read", "data/night", "--json").stdout.trim().split("\n");
    expect(read).toHaveLength(20);
    const { alertId } = JSON.parse(read[0]!) as { alertId: string };
    expect(alerts("find", alertId).stdout).toContain(join("data", "night"));
    const { stdout } = alerts("doctor");
    expect(stdout).toMatch(/✓ npm packages/);
    expect(stdout).not.toContain("test oracles");
  });

  it("reads the .env of the working folder", () => {
    writeFileSync(join(project, ".env"), "KAFKA_BOOTSTRAP=127.0.0.1:1\n");
    expect(alerts("topics", "list")).toMatchObject({ status: 1, stderr: expect.stringContaining("127.0.0.1:1") });
    rmSync(join(project, ".env"));
  });

  it("keeps its state where the user's programs do, Kafka among it, and nothing in node_modules", () => {
    const jars = `kafka-${kafkaVersion()}`;
    const home = join(state, "alert-bootcamp");
    mkdirSync(home, { recursive: true });
    symlinkSync(join(root, ".bootcamp", jars), join(home, jars));
    expect(alerts("up", "--engine", "local", "--port", "0")).toMatchObject({ status: 0 });
    try {
      expect(alerts("send", "data/night", "--topic", "mine", "--fast").status).toBe(0);
      expect(alerts("print", "mine", "--json").stdout.trim().split("\n")).toHaveLength(20);
    } finally {
      expect(alerts("down").status).toBe(0);
    }
    // asked for twice it is shown, and noted in the progress
    output("lesson.mjs", 'import { solution } from "alert-bootcamp"; solution("1.1"); solution("1.1");');
    expect(readdirSync(home)).toEqual(expect.arrayContaining(["kafka", "logs", "progress.json"]));
    expect(listing()).toEqual(installed);
  });

  it("makes a folder for an analysis that works below the project", () => {
    const made = alerts("new", "tonight");
    expect(made.stderr).toMatch(/next: cd tonight && npm install PATH\/alert-bootcamp-\d+\.\d+\.\d+\.tgz && node/);
    const { stdout } = spawnSync(process.execPath, ["tonight.mjs"], {
      cwd: join(project, "tonight"),
      env,
      encoding: "utf8",
    });
    expect(stdout).toContain("tonight.html");
  });
});
