import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../helpers/data";

it("npm run docs makes a page of each name, with its example, and finds no comment that does not fit", () => {
  const said = execFileSync("npm", ["run", "docs"], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  expect(said).toContain("html generated at");
  const page = (name: string) => readFileSync(join(root, "build/api", name), "utf8").replaceAll(/<[^>]*>/g, "");
  expect(page("functions/explore.lombScargle.html")).toMatch(/Example[\s\S]*minPeriodDays/);
  expect(page("functions/subscribe.html")).toContain("TOPIC_ABSENT");
  expect(page("modules/plot.html")).toContain("lightCurve");
});
