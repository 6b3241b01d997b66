import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { readParquet } from "../../src/explore/parquet";
import { readAlerts } from "../../src/files/read-alerts";
import { createTopic } from "../../src/kafka/admin/topics";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { ended, start } from "../helpers/alerts-command";
import { inProcess } from "../helpers/in-process";
import { sendMessages } from "../helpers/send-messages";

const bootstrap = inject("bootstrap");
const topic = `print-${process.pid}`;
const folder = scratch();

/** Three partitions of four alerts; the last message of partition 2 is none. */
beforeAll(async () => {
  // that -b alone decides where a command goes is part of these tests: nobody answers at port 1
  vi.stubEnv("KAFKA_BOOTSTRAP", "127.0.0.1:1");
  await createTopic(topic, { bootstrap, partitions: 3 });
  const value = (n: number) => makeAlert(n, { objectId: `ZTF18obj${n}` }).bytes;
  const messages = Array.from({ length: 12 }, (_, n) => ({ key: `key-${n}`, value: value(n), partition: n % 3 }));
  await sendMessages(bootstrap, topic, [...messages, { key: null, value: Buffer.from("no alert"), partition: 2 }]);
});
afterAll(() => void vi.unstubAllEnvs());

/** Runs `alerts print` in the process, with the address put where the command line says. */
async function print(...args: string[]) {
  const before = process.env["KAFKA_BOOTSTRAP"];
  const run = await inProcess(["print", topic, "-b", bootstrap, ...args]);
  vi.stubEnv("KAFKA_BOOTSTRAP", before!);
  return run;
}

const places = (text: string) =>
  [...text.matchAll(/\[(\d)\]@(\d+)/gm)].map(([, partition, offset]) => [Number(partition), Number(offset)]);

describe("where alerts print starts", () => {
  it("is an offset of one partition, or of each", async () => {
    expect(places((await print("--partition", "1")).stdout)).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(places((await print("--partition", "1", "--offset", "2")).stdout)).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(places((await print("-p", "0", "-o", "-1")).stdout)).toEqual([[0, 3]]);
    // more than there are: from the first
    expect(places((await print("-p", "0", "-o", "-100")).stdout).length).toBe(4);
    const all = await print("--offset", "-2");
    expect(places(all.stdout).sort()).toEqual([
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ]);
    // the fifth message of partition 2 is no alert
    expect([all.code, places(all.stderr)]).toEqual([1, [[2, 4]]]);
  });

  it("is refused where it cannot be, before anything is printed", async () => {
    for (const [args, message] of [
      [["--offset", "x"], 'Expected a whole number after --offset, such as 1234 or -10, got "x"'],
      [["--offset", "1.5"], 'after --offset, such as 1234 or -10, got "1.5"'],
      [["--offset", "6"], `Expected an offset of "${topic}" up to 5, got 6`],
      [["--partition", "99"], `Expected a partition of "${topic}", 0 to 2, got 99`],
      [["--partition", "-1"], 'Expected a whole number from 0 after --partition, got "-1"'],
      [["--partition", "0", "--group", "g"], "Expected one of partition and group, got both"],
      [["--offset", "0", "--last", "3"], "Expected one of --from, --last, --offset, got --last and --offset"],
      [["--json", "--csv"], "Expected one of --json, --csv, --parquet, got --json and --csv"],
    ] as const) {
      const { code, stdout, stderr } = await print(...args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});

describe("what alerts print prints", () => {
  const one = ["-p", "1", "-n", "2"];

  it("is chosen fields as a table, CSV or JSON, with the key where it is asked for", async () => {
    const fields = ["--fields", "objectId,packet.candidate.magpsf"];
    const table = await print(...one, ...fields);
    expect(table.stdout.split("\n")[0]).toMatch(/^objectId +packet\.candidate\.magpsf$/);
    const csv = await print(...one, ...fields, "--csv", "--key");
    expect(csv.stdout).toBe("key,objectId,packet.candidate.magpsf\nkey-1,ZTF18obj1,18\nkey-4,ZTF18obj4,18\n");
    const json = await print(...one, "--fields", "objectId", "--json", "--key");
    expect(
      json.stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text)),
    ).toEqual([
      { key: "key-1", objectId: "ZTF18obj1" },
      { key: "key-4", objectId: "ZTF18obj4" },
    ]);
    expect((await print(...one, "--key")).stdout).toMatch(/\[1\]@0 {2}key-1 {2}\S/);
  });

  it("is refused where no alert has a field, and where a folder is a file", async () => {
    const absent = await print("--fields", "objectId,nosuch", "--csv");
    expect([absent.code, absent.stdout]).toEqual([2, ""]);
    expect(absent.stderr).toContain('Expected a field of an alert of survey ztf, got "nosuch"');
    const file = join(folder, "a-file");
    writeFileSync(file, "mine");
    const saved = await print("--save", file);
    expect([saved.code, saved.stdout]).toEqual([2, ""]);
    expect(saved.stderr).toContain(`Expected a folder after --save, got the file ${file}`);
  });

  it("goes to files: a container for each alert, or one Parquet file", async () => {
    const saved = join(folder, "saved");
    expect((await print("-p", "1", "--save", saved)).code).toBe(0);
    expect(readdirSync(saved).length).toBe(4);
    const read = await readAlerts(saved).toArray();
    expect(read.map(({ objectId }) => objectId).sort()).toEqual([1, 10, 4, 7].map((n) => `ZTF18obj${n}`));
    const parquet = join(folder, "night.parquet");
    const run = await print("--parquet", parquet, "--fields", "objectId,packet.candidate.magpsf", "--key");
    expect([run.code, run.stdout]).toEqual([1, ""]); // one message is no alert
    const rows = await readParquet(parquet);
    expect(rows.length).toBe(12);
    expect(rows.find(({ key }) => key === "key-7")).toEqual({ key: "key-7", objectId: "ZTF18obj7", magpsf: 18 });
  });

  it("is nothing of a Parquet file where no alert has a field", async () => {
    const path = join(folder, "none.parquet");
    expect((await print("--parquet", path, "--fields", "nosuch")).code).toBe(2);
    expect(existsSync(path)).toBe(false);
  });

  it("is ended by Ctrl-C and by a reader that has gone, with the counts", async () => {
    const printing = start([
      "print",
      topic,
      "-b",
      bootstrap,
      "--partition",
      "0",
      "--follow",
      "--csv",
      "--fields",
      "alertId",
    ]);
    const end = ended(printing);
    let text = "";
    await new Promise<void>((resolve) =>
      printing.stdout!.on("data", (piece) => (text += piece).split("\n").length > 5 && resolve()),
    );
    printing.kill("SIGINT");
    expect(await end).toMatchObject({ code: 0, stderr: "read 4, printed 4, failed 0\n" });
    const unread = start(["print", topic, "-b", bootstrap, "-p", "0", "--csv"]);
    unread.stdout!.destroy();
    expect(await ended(unread)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^read 1, printed 0, failed 0$/m),
    });
  });
});

describe("alerts groups reset", () => {
  const group = `${topic}-group`;
  const alerts = async (...args: string[]) => {
    const run = await inProcess([...args, "-b", bootstrap]);
    vi.stubEnv("KAFKA_BOOTSTRAP", "127.0.0.1:1");
    return run;
  };
  const committed = async () =>
    JSON.parse((await alerts("groups", "describe", group, "--json")).stdout).partitions.map(
      (row: any) => row.committed,
    );

  it("moves a group to an offset, in one partition or all; a dry run only tells", async () => {
    expect((await alerts("groups", "reset", group, topic, "--to", "earliest", "--yes")).code).toBe(0);
    const dry = await alerts("groups", "reset", group, topic, "--to-offset", "-1", "--dry-run");
    expect(
      dry.stdout
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/).slice(2)),
    ).toEqual([
      ["0", "0", "3"],
      ["1", "0", "3"],
      ["2", "0", "4"],
    ]);
    expect(dry.stderr).toContain("dry run: the group was not moved");
    expect(await committed()).toEqual([0, 0, 0]);
    expect((await alerts("groups", "reset", group, topic, "--to-offset", "2", "-p", "1")).code).toBe(0);
    expect(await committed()).toEqual([0, 2, 0]);
    expect((await alerts("groups", "reset", group, topic, "--to-offset", "-1")).code).toBe(0);
    expect(await committed()).toEqual([3, 3, 4]);
  });

  it("refuses offsets and partitions that cannot be, and moves nothing", async () => {
    const before = await committed();
    for (const [args, message] of [
      [["--to-offset", "x"], 'Expected a whole number after --to-offset, such as 1234 or -10, got "x"'],
      [["--to-offset", "99"], "up to 5, got 99"],
      [["--to-offset", "1", "-p", "99"], `Expected a partition of "${topic}", 0 to 2, got 99`],
      [["--to-offset", "1", "--to", "latest"], "Expected one of --to and --to-offset, got both"],
      [[], "Expected one of --to and --to-offset, got neither"],
    ] as const) {
      const { code, stdout, stderr } = await alerts("groups", "reset", group, topic, ...args);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toContain(message);
    }
    expect(await committed()).toEqual(before);
  });
});
