import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { scratch, tarOf, tgzOf } from "../files/make";
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

const main = join(root, "dist/cli/main.js");
/** Node gives a child its standard input as a socket. */
const read = (input: Buffer | string, ...args: string[]) =>
  spawnSync(process.execPath, [main, "read", "-", ...args], { input, encoding: "utf8" });

it("alerts read - takes a container, gzipped or not, from a socket, a pipe or a file", () => {
  const bytes = makeAlert(3).bytes;
  const expected = `alertId\n${2n ** 60n + 3n}\n`;
  for (const input of [bytes, gzipSync(bytes)]) {
    const { stdout, stderr, status } = read(input, "--csv", "--fields", "alertId");
    expect([stdout, stderr, status]).toEqual([expected, "read 1, failed 0\n", 0]);
  }
  const file = join(folder, "one.avro");
  writeFileSync(file, bytes);
  for (const from of [`cat '${file}' |`, `< '${file}'`]) {
    const command = `${from} '${process.execPath}' '${main}' read - --csv --fields alertId`;
    expect(spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout).toBe(expected);
  }
});

it("alerts read - says what is wrong with nothing, garbage, a part and a bomb", () => {
  const cases: [Buffer, string][] = [
    [Buffer.alloc(0), "got no bytes at all"],
    [Buffer.from("no alert at all"), 'Expected an Avro alert, got 6e 6f 20 61 6c 65 72 74 ("no alert")'],
    [makeAlert(1).bytes.subarray(0, 400), "the data end after"],
    [
      Buffer.concat(Array(10).fill(gzipSync(Buffer.alloc(64 * 2 ** 20)))),
      "Expected gzip data that expand at most 200-fold",
    ],
  ];
  for (const [input, message] of cases) {
    const { stdout, stderr, status } = read(input);
    expect([stdout, status]).toEqual(["", 1]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^read 0, failed 1$/m);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});

it("alerts read - ends at Ctrl-C while it waits for more", async () => {
  const child = spawn(process.execPath, [main, "read", "-", "--json", "--fields", "alertId"]);
  let [said, printed] = ["", ""];
  child.stderr.on("data", (piece) => (said += piece));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const first = new Promise<void>((resolve) => {
    child.stdout.on("data", (piece) => {
      printed += piece;
      resolve();
    });
  });
  // the first entry of a tar file whose second never comes
  child.stdin.write(
    (
      await tarOf([
        ["1.avro", makeAlert(1).bytes],
        ["2.avro", makeAlert(2).bytes],
      ])
    ).subarray(0, -1600),
  );
  await first;
  child.kill("SIGINT");
  expect([await ended, printed]).toEqual([1, `{"alertId":"${2n ** 60n + 1n}"}\n`]);
  expect(said).toBe("alerts: Reading was stopped on request\nread 1, failed 0\n");
});
