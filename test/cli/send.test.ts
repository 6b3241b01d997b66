import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { inProcess } from "../helpers/in-process";

const folder = scratch();
const night = join(folder, "night");
const topic = `send-again-${process.pid}`;

beforeAll(() => {
  vi.stubEnv("KAFKA_BOOTSTRAP", inject("bootstrap"));
  mkdirSync(night);
  for (let n = 0; n < 5; n++) writeFileSync(join(night, `${n}.avro`), makeAlert(n).bytes);
  writeFileSync(join(night, "bad.avro"), "no alert");
});
afterAll(() => void vi.unstubAllEnvs());

describe("alerts send", () => {
  it("says when the topic holds the night already, and not of another night", async () => {
    const send = (...more: string[]) => inProcess(["send", night, "--topic", topic, "--fast", ...more]);
    const said = `${topic} holds this night already (${topic}[`;
    expect((await send()).stderr).not.toContain("already");
    const again = await send();
    expect(again.stderr).toContain(said);
    expect(again.stderr).toContain("\n  → --fresh empties the topic first\n");
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "a.avro"), makeAlert(77).bytes);
    expect((await inProcess(["send", other, "--topic", topic, "--fast"])).stderr).not.toContain("already");
    expect((await send("--fresh")).stderr).not.toContain("already");
  });

  it("--loop ends with the counts of all rounds", async () => {
    let rounds = 0;
    const run = await inProcess(["send", night, "--topic", topic, "--fast", "--loop"], (text) => {
      if (/acknowledged in/.test(text) && ++rounds === 3) process.emit("SIGINT");
    });
    const each = [...run.stderr.matchAll(/^(?:interrupted: )?(\d+) alerts acknowledged in (\d+) visits/gm)];
    expect(each.length).toBeGreaterThanOrEqual(3);
    const sum = (group: number) => each.reduce((all, found) => all + Number(found[group]), 0);
    expect(run.stderr).toContain(`in ${each.length} rounds: ${sum(1)} alerts acknowledged in ${sum(2)} visits, `);
    expect(run.stderr).toMatch(new RegExp(`read ${sum(1)}, failed ${each.length}\n$`));
  });
});

describe("names of options and places", () => {
  it("are one each; an old one says the new one", async () => {
    for (const [args, name] of [
      [["print", topic, "--every", "2"], "--nth 2"],
      [["monitor", topic, "--every", "2"], "--interval 2"],
      [["dead", "show", topic, "0/1"], "topic[partition]@offset"],
      [["dead", "show", `${topic}/0/1`], "topic[partition]@offset"],
    ] as const) {
      const run = await inProcess(args);
      expect([args, run.code, run.stderr]).toEqual([args, 2, expect.stringContaining(name)]);
    }
    const printed = (await inProcess(["print", topic, "--nth", "2"])).stdout.split("\n")[0]!;
    const place = /^\S+\[\d+\]@\d+/.exec(printed)![0];
    expect((await inProcess(["dead", "show", place])).stderr).not.toContain("Expected a place");
  });

  it("of a group that is not there are not set up unasked", async () => {
    const reset = (...more: string[]) =>
      inProcess(["groups", "reset", `${topic}-typo`, topic, "--to", "latest", ...more]);
    const refused = await reset();
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    expect((await inProcess(["groups", "list"])).stdout).not.toContain(`${topic}-typo`);
    expect(await reset("--yes")).toMatchObject({ code: 0, stderr: "" });
    expect((await inProcess(["groups", "describe", `${topic}-typo`])).code).toBe(0);
  });
});
