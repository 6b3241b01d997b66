import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, prefixOf, profileVariables } from "../broker/profile-variables";
import { engineRoot } from "./paths";

const read = (...parts: string[]) => readFileSync(join(engineRoot, ...parts), "utf8");
const filesIn = (folder: string) =>
  readdirSync(join(engineRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: read(folder, name) }));

/** Set by the system or by programs that start this one, not by a user for it. */
const foreign = ["NODE_USE_ENV_PROXY", "CI", "DISPLAY", "WAYLAND_DISPLAY", "PATH", "TSLAB", "XDG_STATE_HOME"];
/** Names that tests give to profiles of their own. */
const made = /^(CASE|PRACTICE)_/;

/** Variable → a file that reads it. */
function readBy(folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, text } of folders.flatMap(filesIn)) {
    if (name.startsWith("src/") && name.endsWith(".test.ts")) continue;
    for (const match of text.matchAll(/\benv(?:\.|\[")([A-Z][A-Z0-9_]+)/g)) found.set(match[1]!, name);
  }
  for (const match of read("docker-compose.yml").matchAll(/\$\{([A-Z_]+)/g)) found.set(match[1]!, "docker-compose.yml");
  for (const variable of profileVariables) found.set(prefixOf(DEFAULT_PROFILE) + variable, "profile-variables.ts");
  for (const name of [...found.keys()]) if (foreign.includes(name) || made.test(name)) found.delete(name);
  return found;
}

const named = [...read(".env.example").matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]!);

describe(".env.example", () => {
  it("names every variable that a user may set", () => {
    const known = readBy(["src", "bench"]);
    expect(known.size).toBeGreaterThan(30);
    expect([...known].filter(([name]) => !named.includes(name))).toEqual([]);
  });

  it("names no other, and none twice", () => {
    const known = readBy(["src", "bench", "test"]);
    const profiles = named.flatMap((name) => /^([A-Z]+_)BOOTSTRAP$/.exec(name)?.[1] ?? []);
    expect(profiles.length).toBeGreaterThan(4);
    const isOfProfile = (name: string) =>
      profiles.some((prefix) => profileVariables.some((variable) => name === prefix + variable));
    expect(named.filter((name) => !known.has(name) && !isOfProfile(name))).toEqual([]);
    expect(named.filter((name, at) => named.indexOf(name) !== at)).toEqual([]);
  });

  it("sets nothing when it is copied as it is", () => {
    expect(
      read(".env.example")
        .split("\n")
        .filter((line) => line.trim() !== "" && !line.startsWith("#")),
    ).toEqual([]);
  });
});
