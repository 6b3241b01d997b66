import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../files/make";
import { root } from "../helpers/data";
import { inProcess } from "../helpers/in-process";

const folder = scratch();
const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;
const scriptOf = async (shell: string) => (await inProcess(["completion", shell])).stdout;

/** What bash answers at Tab after these words, the last of which is being typed. */
function complete(script: string, words: readonly string[], cwd = root): string[] {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _alerts; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", ask, "bash", ...words], { cwd, encoding: "utf8" });
  expect(stderr).not.toMatch(/error|unbound|not found/);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("alerts completion", () => {
  it("completes commands, their parts, options, words and files in bash", async () => {
    const script = await scriptOf("bash");
    expect(complete(script, ["alerts", "p"])).toEqual(["play", "poll", "print", "progress"]);
    expect(complete(script, ["alerts", "topics", ""])).toEqual(["list", "describe", "create", "delete"]);
    expect(complete(script, ["alerts", "-v", "topics", "create", "mine", "--re"])).toEqual([
      "--replication",
      "--retention-hours",
    ]);
    expect(complete(script, ["alerts", "send", "--form", ""])).toEqual(["container", "confluent", "bare"]);
    expect(complete(script, ["alerts", "read", "pack"]).toSorted()).toEqual(["package-lock.json", "package.json"]);
    expect(complete(script, ["alerts", "read", "x", "--schema", "src/ind"])).toEqual(["src/index.ts"]);
    expect(complete(script, ["alerts", "print", "--limit", ""])).toEqual([]);
    // the name of a command that is an argument of another is no command
    expect(complete(script, ["alerts", "print", "send", "--fol"])).toEqual(["--follow"]);
    expect(complete(script, ["alerts", "send", "--kept"])).toEqual([]);
  });

  it("is a script that each shell reads without a complaint, where it is installed", async () => {
    const installed = ["bash", "zsh", "fish"].filter(has);
    expect(installed).toContain("bash");
    for (const shell of installed) {
      const file = join(folder, shell);
      writeFileSync(file, await scriptOf(shell));
      const { status, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
      expect([shell, status, stderr]).toEqual([shell, 0, ""]);
    }
  });

  it.skipIf(!has("zsh"))("completes in zsh", async () => {
    const ask = `compdef() { :; }; compadd() { print -rl -- "$@"; }; _describe() { print -rl -- "\${(@P)2}"; }; _message() { :; }
${await scriptOf("zsh")}
words=(alerts topics ""); CURRENT=3; _alerts; words=(alerts send --form ""); CURRENT=4; _alerts`;
    const { stdout } = spawnSync("zsh", ["-f", "-c", ask], { encoding: "utf8" });
    expect(stdout).toMatch(/^list:.*\n(.*\n)*delete:.*\n--\ncontainer\nconfluent\nbare\n$/);
  });

  it.skipIf(!has("fish"))("completes in fish", async () => {
    const ask = `${await scriptOf("fish")}\ncomplete -C "alerts topics "\ncomplete -C "alerts send --form "`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", ask], { encoding: "utf8" });
    for (const word of ["list", "create", "container", "bare"]) expect(stdout).toMatch(new RegExp(`^${word}\\b`, "m"));
    expect(stdout).not.toMatch(/^print\b/m);
  });

  it("refuses other shells", async () => {
    const { code, stderr } = await inProcess(["completion", "tcsh"]);
    expect([code, stderr]).toEqual([2, 'alerts: Expected a shell: bash, zsh or fish, got "tcsh" (string)\n']);
  });
});
