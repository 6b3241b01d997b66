import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";
import { projectFiles } from "../helpers/project-files";

const tracked = projectFiles().filter((name) => !/package-lock\.json$|\.png$/.test(name));

const grep = (pattern: RegExp, names = tracked) =>
  names.flatMap((name) =>
    readFileSync(join(root, name), "utf8")
      .split("\n")
      .flatMap((line, i) => (pattern.test(line) ? [`${name}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );

describe("what is committed", () => {
  it("names no package registry and no machine path", () => {
    expect(tracked.length).toBeGreaterThan(50);
    expect(grep(/registry\.npmjs|pypi\.org|repo1?\.maven|files\.pythonhosted|crates\.io/)).toEqual([]);
    const machine = /\/(root|work|home\/\w+)\//;
    expect(
      grep(
        machine,
        tracked.filter((name) => name !== "test/architecture/words.test.ts" && !name.startsWith("docker")),
      ),
    ).toEqual([]);
  });

  it("has nothing unfinished, focused or switched off", () => {
    const tests = tracked.filter((name) => name.endsWith(".test.ts") && !name.includes("words.test"));
    expect(tests.length).toBeGreaterThan(10);
    expect(grep(/\b(it|test|describe)\.(only|skip|todo)\(/, tests)).toEqual([]);
    expect(
      grep(
        /\b(TODO|FIXME|XXX)\b/,
        tracked.filter((name) => !name.includes("words.test")),
      ),
    ).toEqual([]);
  });

  it("has no program or test above 300 lines", () => {
    const sizes = tracked
      .filter((name) => /\.(ts|mts|mjs|sh|py)$/.test(name))
      .map((name) => ({ name, lines: readFileSync(join(root, name), "utf8").trimEnd().split("\n").length }));
    expect(sizes.length).toBeGreaterThan(500);
    expect(sizes.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  it("uses no name of a topic in two tests: they share a broker", () => {
    const files = new Map<string, string[]>();
    for (const name of tracked.filter((one) => /^test\/.*\.test\.ts$/.test(one))) {
      const text = readFileSync(join(root, name), "utf8");
      if (!text.includes('inject("bootstrap")')) continue;
      const words = new Set([...text.matchAll(/["`]([a-z0-9]+(?:-[a-z0-9]+)+)["`]/g)].map(([, word]) => word!));
      for (const word of words) files.set(word, [...(files.get(word) ?? []), name]);
    }
    expect(files.size).toBeGreaterThan(200);
    const noTopics =
      /^(alert-bootcamp|alertsim-time-offset|bootcamp-source|caught-up|content-type|playwright-core|simulated-.*|ztf-purity|ztf-star)$/;
    expect([...files].filter(([word, names]) => names.length > 1 && !noTopics.test(word))).toEqual([]);
  });

  it("pins every dependency", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      // an alias holds a second version of a package beside the first
      ([, v]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(v)),
    );
    expect(loose).toEqual([]);
  });

  it("gives every dependency a reason", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const decisions = readFileSync(join(root, "docs/decisions.md"), "utf8");
    expect(
      Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !decisions.includes(`\`${name}\``)),
    ).toEqual([]);
  });
});
