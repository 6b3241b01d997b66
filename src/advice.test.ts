import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proxyAdvice, streamCommand } from "./advice";
import { projectRoot } from "./version";

/** Without comments. */
const code = (name: string) =>
  readFileSync(join(projectRoot, "src", name), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

describe("the command that starts a stream", () => {
  it.each([
    [undefined, "./launch_alert_system.sh"],
    ["ztf-stream", "./launch_alert_system.sh --topic ztf-stream"],
    ["lsst-stream", "./launch_alert_system.sh --survey lsst --topic lsst-stream"],
    ["my-LSST", "./launch_alert_system.sh --survey lsst --topic my-LSST"],
  ])("of topic %s puts its survey's alerts there", (topic, command) => expect(streamCommand(topic)).toBe(command));

  it("is said in no other way: the scripts are not everywhere", () => {
    const said = readdirSync(join(projectRoot, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test)\.ts$/.test(name) && name !== "advice.ts")
      .filter((name) => /(?<!\*.*)(?<!`)\.\/(launch|download|setup)_\w+\.sh/.test(code(name)));
    expect(said).toEqual([]);
  });
});

describe("the advice on a proxy", () => {
  it.each([
    [{}, ""],
    [{ HTTPS_PROXY: "http://proxy:3128" }, /proxy in HTTPS_PROXY, which Node uses with NODE_USE_ENV_PROXY=1/],
    [{ http_proxy: "http://proxy:3128" }, /http_proxy/],
    [{ HTTPS_PROXY: "http://proxy:3128", NODE_USE_ENV_PROXY: "1" }, ""],
  ])("with %j", (env, words) => {
    if (words === "") expect(proxyAdvice(env)).toBe("");
    else expect(proxyAdvice(env)).toMatch(words);
  });

  it("is in the error of a download, a schema, a token and a crossmatch", () => {
    for (const name of ["files/http.ts", "avro/registry.ts", "broker/oauth-token.ts", "match/cds-request.ts"]) {
      expect(code(name), name).toContain("proxyAdvice()");
    }
  });
});
