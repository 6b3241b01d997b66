import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../helpers/data";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
const preinstall = (agent: string, from = root) =>
  spawnSync("sh", ["-c", scripts["preinstall"]!], {
    cwd: root,
    env: { ...process.env, npm_config_user_agent: agent, INIT_CWD: from },
    encoding: "utf8",
  });

it.each(["pnpm/9.1.0 npm/? node/v22", "yarn/1.22.22 npm/? node/v22"])("an installation by %s is refused", (agent) => {
  const { status, stderr } = preinstall(agent);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Expected npm, got (pnpm|yarn)\/\S+: .* not supported.*Run: npm ci\n$/);
});

it("one by npm is not, nor that of a project which this is a package of", () => {
  expect(preinstall("npm/11.0.0 node/v22")).toMatchObject({ status: 0, stderr: "" });
  expect(preinstall("pnpm/9.1.0 npm/? node/v22", "/")).toMatchObject({ status: 0, stderr: "" });
});
