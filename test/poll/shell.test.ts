// @module-tag long
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { publish } from "../../src/kafka/publish/publish";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { alerts, start } from "../helpers/alerts-command";
import { needs, root } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");
const home = scratch();
const main = join(root, "dist/cli/main.js");
const run = (code: string) => alerts(["shell", "-e", code], { env: { KAFKA_BOOTSTRAP: bootstrap } });

/** Drives the prompt on a terminal of its own: waits for a text, sends the next; prints all that was seen. */
const terminal = `
import json, os, pty, select, sys, time
program, steps = sys.argv[1:], json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0: os.execvp(program[0], program)
seen = ""
for wanted, answer in steps:
    start, deadline = len(seen), time.time() + 40
    while wanted not in seen[start:]:
        if time.time() > deadline or not select.select([fd], [], [], 1)[0] and os.waitpid(pid, os.WNOHANG)[0]:
            print(seen); sys.exit("waited in vain for " + wanted)
        if select.select([fd], [], [], 0)[0]: seen += os.read(fd, 65536).decode()
    os.write(fd, answer.encode())
try:
    while True:
        piece = os.read(fd, 65536)
        if not piece: break
        seen += piece.decode()
except OSError: pass
print(seen)
print("ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

beforeAll(() =>
  publish(
    [1, 2, 3].map((n) => makeAlert(n)),
    { bootstrap, topic: "shell", fast: true },
  ),
);

describe("alerts shell", () => {
  it("prints the value of an expression, and runs statements, from -e and from a pipe", async () => {
    expect(await run('await subscribe("shell", { progress: false }).count()')).toMatchObject({
      code: 0,
      stdout: "3\n",
    });
    expect(await run('const a = await kafka.poll("shell"); console.log(a.survey, a.alertId)')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ztf \d{19}n\n$/),
    });
    expect((await run("signal.aborted")).stdout).toBe("false\n");
    const piped = spawnSync(process.execPath, [main, "shell"], { input: "const a = 20;\nconsole.log(a + 1)\n" });
    expect([piped.status, piped.stdout.toString()]).toEqual([0, "21\n"]);
  });

  it("ends at Ctrl-C also in an endless loop, before and after it has waited for something", async () => {
    const open = 'await subscribe("shell", { progress: false }).take(1).toArray();';
    for (const before of ["", "await null;", "void signal; await null;", open]) {
      const code = `${before} console.log("in"); for (;;);`;
      const child = start(["shell", "-e", code], { env: { KAFKA_BOOTSTRAP: bootstrap } });
      await once(child.stdout!, "data");
      child.kill("SIGINT");
      expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
    }
  });

  it("ends with 1 for what the code throws and 2 for what is no JavaScript, without a stack", async () => {
    const absent = await run('await readAlerts("/nowhere").toArray()');
    expect(absent).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("/nowhere is not there") });
    expect((await run("throw new Error('mine')")).code).toBe(1);
    const wrong = await run("const (");
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("Expected JavaScript") });
    for (const { stderr } of [absent, wrong]) expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.skipIf(needs.python())("at a prompt Ctrl-C ends a running subscription, and history is kept", () => {
    const steps = [
      ["alerts> ", 'const night = await subscribe("shell", { until: "forever", progress: false })\r'],
      ["undefined", "for await (const a of night) console.log('got', a.alertId)\r"],
      [`got ${makeAlert(3).alertId}n`, ""],
      ["", "\x03"],
      ["alerts> ", "await night.count()\r"],
      ["0\r\n", "40 + 2\r"],
      ["42", ".exit\r"],
    ];
    const settings = `BOOTCAMP_HOME="${home}" KAFKA_BOOTSTRAP=${bootstrap} TERM=dumb`;
    writeFileSync(join(home, "start.sh"), `exec env ${settings} "${process.execPath}" "${main}" shell`);
    const seen = runPython(terminal, ["bash", join(home, "start.sh")], JSON.stringify(steps));
    expect(seen).toContain("interrupted");
    expect(seen).toMatch(/ended with 0\n$/);
    expect(readFileSync(join(home, "shell-history"), "utf8")).toContain("40 + 2");
  });
});

describe("alerts progress", () => {
  it("shows what is done, as a table and as JSON, and forgets it on request", async () => {
    const env = { BOOTCAMP_HOME: home };
    const kept = { "3.1": { label: "3.1 bright", passed: true, tries: 2, at: "2026-11-21T03:00:00Z" } };
    writeFileSync(join(home, "progress.json"), JSON.stringify(kept));
    expect((await alerts(["progress"], { env })).stdout).toMatch(/^Part 3 {2}Filtering +█░+ 1 of \d+, next 3\.2$/m);
    const json = await alerts(["progress", "--json"], { env });
    expect(
      json.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).done)
        .slice(0, 4),
    ).toEqual([0, 0, 1, 0]);
    expect(await alerts(["progress", "--reset"], { env })).toMatchObject({ code: 0, stderr: "forgot 1 exercises\n" });
    expect((await alerts(["progress"], { env })).stdout).not.toContain("█");
    expect((await alerts(["progress", "--reset", "--json"], { env })).code).toBe(2);
  });
});
