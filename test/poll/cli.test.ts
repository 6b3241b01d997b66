// @module-tag long
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { publish } from "../../src/kafka/publish/publish";
import { scratch } from "../files/make";
import { makeAlert } from "../helpers/alerts";
import { alerts } from "../helpers/alerts-command";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");
const env = { KAFKA_BOOTSTRAP: bootstrap };
const folder = scratch();
const poll = (...args: string[]) => alerts(["poll", ...args], { env });

/** Compares a file that Avro's own reader opens with the JSON that was printed: integers as text, bytes as lengths. */
const compare = `
import json, sys, fastavro
[record] = list(fastavro.reader(open(sys.argv[1], "rb")))
printed = json.load(sys.stdin)
def same(a, b, path):
    if isinstance(a, dict):
        assert list(b) == sorted(a), path
        for key in a: same(a[key], b[key], path + "." + key)
    elif isinstance(a, list):
        assert len(a) == len(b), path
        for i, item in enumerate(a): same(item, b[i], path)
    elif isinstance(a, bytes): assert b == len(a), path
    elif isinstance(a, float): assert (b is None) if a != a else a == b, path
    elif isinstance(a, int) and not isinstance(a, bool): assert str(a) == str(b), path
    else: assert a == b, path
same(record, printed, "")
print("same", len(printed))
`;

describe("alerts poll", () => {
  beforeAll(() =>
    publish(
      [0, 1, 2].map((n) => makeAlert(n)),
      { bootstrap, topic: "poll-cli", fast: true, partitions: 1 },
    ),
  );

  it("gives one alert after the other to a group, in a loop that ends by itself", async () => {
    const ids: string[] = [];
    let last = await poll("poll-cli", "--group", "poll-cli-jo", "--json");
    for (; last.code === 0; last = await poll("poll-cli", "--group", "poll-cli-jo", "--json", "--wait", "0.3")) {
      expect(last.stderr).toMatch(/^poll-cli\[0\]@\d {2}ztf ZTF18/);
      ids.push(JSON.parse(last.stdout).candid);
    }
    expect(ids).toEqual([0, 1, 2].map((n) => String(makeAlert(n).alertId)));
    expect(last).toMatchObject({ code: 1, stdout: "" });
    expect(last.stderr).toContain('Expected a new alert in topic "poll-cli" within 0.3 s, none came');
    expect(last.stderr).not.toMatch(/null|^\s+at /m);
  });

  it("saves the file, the stamps and the light curve; an alert that cannot be saved is not counted as read", async () => {
    writeFileSync(join(folder, "taken.avro"), "mine");
    const failed = await poll("poll-cli", "--group", "poll-cli-save", "--save", join(folder, "taken.avro"));
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("there is one with another content") });
    expect(readFileSync(join(folder, "taken.avro"), "utf8")).toBe("mine");
    const files = ["one/alert.avro", "curve.html", "curve.svg"].map((name) => join(folder, name));
    const saved = await poll("poll-cli", "--group", "poll-cli-save", "--save", files[0]!, "--plot", files[1]!);
    expect(saved.code).toBe(0);
    expect(readFileSync(files[0]!).equals(makeAlert(0).bytes)).toBe(true);
    expect(readFileSync(files[1]!, "utf8")).toContain("Plotly.newPlot");
    const newest = await poll("poll-cli", "--from", "newest", "--plot", files[2]!, "--stamps", join(folder, "stamps"));
    expect(readFileSync(files[2]!, "utf8")).toMatch(/^<svg /);
    expect(newest.stderr).toContain("the alert holds no stamps");
    expect(newest.stdout).toMatch(/^\{\n {2}"candid": "1152921504606846978",\n {2}"candidate": \{\n {4}"dec": -5,\n/);
  });

  it("ends with 2 for wrong usage, before anything is read", async () => {
    for (const args of [["poll-cli", "--plot", "curve.png"], ["poll-cli", "--wait", "soon"], ["a topic"], []]) {
      const run = await poll(...args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, ""]);
    }
    expect((await poll("poll-cli", "--schema", "absent.avsc")).stderr).toContain("absent.avsc");
  });

  it.skipIf(needs.data() || needs.python())("does what the ELAsTiCC note does, and fastavro agrees", async () => {
    const data = dataFolder("elasticc");
    const [name] = readdirSync(data).filter((each) => each.endsWith(".avro"));
    const original = decodeAlert(readFileSync(join(data, name!)));
    const schema = join(folder, "elasticc.avsc");
    writeFileSync(schema, original.schema.text);
    await publish([original], { bootstrap, topic: "poll-note", fast: true, form: "bare" });
    const to = join(folder, "note");
    const run = await poll("poll-note", "--schema", schema, "--save", to, "--plot", join(to, "curve.html"));
    expect(run.code, run.stderr).toBe(0);
    expect(readdirSync(to).sort()).toEqual(["1231321321.avro", "curve.html"]);
    expect(runPython(compare, [join(to, "1231321321.avro")], run.stdout)).toMatch(/^same \d+/);
    rmSync(to, { recursive: true });
    mkdirSync(to);
    writeFileSync(join(to, "1231321321.avro"), "another alert of the same id");
    await poll("poll-note", "--schema", schema, "--save", to);
    expect(readdirSync(to).sort()).toEqual(["1231321321-2.avro", "1231321321.avro"]);
  });

  it.skipIf(needs.data() || needs.python())(
    "prints a ZTF packet as fastavro reads it, and saves its three stamps",
    async () => {
      const file = dataFolder("ztf/2019_01_10_739260766315010006.avro");
      await publish([decodeAlert(readFileSync(file))], { bootstrap, topic: "poll-ztf", fast: true });
      const run = await poll("poll-ztf", "--stamps", join(folder, "ztf"));
      expect(runPython(compare, [file], run.stdout)).toMatch(/^same \d+/);
      expect(readdirSync(join(folder, "ztf"))).toHaveLength(3);
    },
  );
});
