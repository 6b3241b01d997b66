import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratch, tgzOf } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { root } from "../helpers/data";

const folder = scratch();

it("alerts read - takes a tarball from a pipe", async () => {
  const file = join(folder, "night.tar.gz");
  const parts = [1, 2].map((n) => [`${n}.avro`, makeAlert(n).bytes] as const);
  writeFileSync(file, await tgzOf([...parts, ["bad.avro", "no alert"]]));
  const command = `cat '${file}' | '${process.execPath}' '${join(root, "dist/cli/main.js")}' read - --csv --fields alertId`;
  const { stdout, stderr, status } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  const ids = [1n, 2n].map((n) => String(2n ** 60n + n));
  expect([stdout, status]).toEqual([`alertId\n${ids.join("\n")}\n`, 1]);
  expect(stderr).toContain("/dev/stdin!bad.avro: Expected an Avro alert");
});
