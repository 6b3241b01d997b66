import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Type } from "avsc";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { containerMagic } from "../../src/avro/container";
import { createTopic } from "../../src/kafka/admin/topics";
import { scratch, tarOf } from "../files/make";
import { advertise } from "../helpers/advertising-broker";
import { makeAlert } from "../helpers/alerts";
import { hostileText, obeyed } from "../helpers/hostile-text";
import { inProcess } from "../helpers/in-process";
import { sendMessages } from "../helpers/send-messages";

const folder = scratch();
const alert = makeAlert(1, { objectId: hostileText });
/** A file system takes all of it but the slash. */
const hostileName = hostileText.replaceAll("/", "");

/** A container whose header says what it likes. */
function container(codec: string, schema: string): Buffer {
  const part = (value: string): Buffer => Type.forSchema("string").toBuffer(value);
  const header = [part("avro.codec"), part(codec), part("avro.schema"), part(schema)];
  return Buffer.concat([containerMagic, Buffer.from([4]), ...header, Buffer.from([0]), Buffer.alloc(16)]);
}

/** Runs a command and sees that nothing it says can act on a terminal, or passes for its own word. */
async function harmless(...args: string[]) {
  const run = await inProcess(args);
  const said = { args: args.join(" ").slice(0, 60), obeyed: obeyed(run.stdout + run.stderr) };
  expect(said).toEqual({ ...said, obeyed: [] });
  expect(run.stderr).not.toMatch(/^read 9, failed 0/m);
  return run;
}

describe("a hostile file", () => {
  const files = join(folder, "files");
  beforeAll(async () => {
    mkdirSync(files);
    const bytes = alert.bytes;
    writeFileSync(join(files, "good.avro"), bytes);
    writeFileSync(join(files, `${hostileName}.avro`), "no alert");
    writeFileSync(join(files, "codec.avro"), container(hostileText, '"int"'));
    writeFileSync(join(files, "type.avro"), container("null", JSON.stringify({ type: hostileText, name: "x" })));
    writeFileSync(join(files, "name.avro"), container("null", JSON.stringify({ type: "record", name: hostileText })));
    writeFileSync(
      join(files, "fields.avro"),
      container(
        "null",
        JSON.stringify({ type: "record", name: "x", fields: [{ name: hostileText, type: hostileText }] }),
      ),
    );
    writeFileSync(
      join(files, "members.tar"),
      await tarOf([
        [`${hostileName}.avro`, "no alert"],
        [`../${hostileName}`, "climbs"],
        [`${hostileName}/link`, "", { type: "symlink", linkname: hostileName }],
      ]),
    );
  });

  it("acts on no terminal, whatever reads it", async () => {
    const aside = join(folder, "aside");
    const read = await harmless("read", files);
    expect(read.stdout).toContain("golf");
    expect(read.stderr).toMatch(/read 1, failed 8/);
    expect(JSON.parse((await harmless("read", files, "--json", "--fields", "objectId")).stdout)).toEqual({
      objectId: hostileText,
    });
    await harmless("read", files, "--verbose", "--set-aside", aside, "--fields", "packet");
    await harmless("read", join(files, "codec.avro"), "--verbose");
    await harmless("read", join(files, `${hostileName}.avro`), "--schema", join(files, "codec.avro"));
    await harmless("read", join(folder, hostileName), "--fields", hostileText);
    await harmless("read", join(files, "good.avro"), "--fields", hostileText);
    await harmless("local", files, "--read");
    await harmless("local", files, "--read", "--json");
    await harmless("find", hostileText, files, "--save", join(folder, "saved"), "--stamps", join(folder, "stamps"));
    await harmless("find", hostileText, files, "--json");
    await harmless("find", hostileText, files, "--plot", join(folder, `${hostileName}.svg`));
    await harmless("send", files, "--topic", hostileText);
    await harmless("load", files, "--topic", hostileText);
    await harmless("download", hostileText);
    await harmless("nothing", hostileText);
    await harmless("filter", "topic", "--filter", join(folder, `${hostileName}.ts`));
  });
});

describe("a hostile topic", () => {
  const topic = `hostile-text-${process.pid}`;
  const group = `hostile ${hostileText} ${process.pid}`;
  beforeAll(async () => {
    const bootstrap = inject("bootstrap");
    vi.stubEnv("KAFKA_BOOTSTRAP", bootstrap);
    await createTopic(topic, { bootstrap, partitions: 1 });
    const headers = { [hostileText]: hostileText, "bootcamp-source": hostileText };
    const values = [alert.bytes, container(hostileText, '"int"'), hostileText];
    await sendMessages(
      bootstrap,
      topic,
      values.map((value) => ({ key: hostileText, value, headers })),
    );
  });
  afterAll(() => void vi.unstubAllEnvs());

  it("acts on no terminal, whatever reads it", async () => {
    expect((await harmless("print", topic)).stderr).toContain("read 1, printed 1, failed 2");
    await harmless("print", topic, "--json", "--group", group);
    await harmless("poll", topic);
    await harmless("poll", topic, "--json");
    await harmless("poll", topic, "--from", hostileText);
    await harmless("filter", topic, "--filter", "real", "--group", group);
    await harmless("dead", "list", topic);
    await harmless("dead", "list", topic, "--json");
    await harmless("dead", "show", `${topic}[0]@1`);
    expect((await harmless("groups", "list")).stdout).toContain("golf");
    await harmless("groups", "list", "--json");
    await harmless("groups", "describe", group);
    await harmless("groups", "describe", hostileText);
    await harmless("groups", "reset", group, topic, "--to", "earliest");
    await harmless("groups", "delete", group);
    await harmless("topics", "describe", hostileText);
    await harmless("monitor", topic, "--once", "--window", "1");
    await harmless("monitor", topic, "--once", "--json", "--window", "1");
    await harmless("topics", "delete", topic);
  });
});

describe("a hostile service", () => {
  it("acts on no terminal as a registry or an archive", async () => {
    const server = createServer((_, answer) => answer.writeHead(404).end(JSON.stringify({ message: hostileText })));
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = join(folder, "confluent.avro");
    writeFileSync(file, Buffer.from([0, 0, 0, 0, 77, 1, 2, 3]));
    await harmless("read", file, "--registry", url);
    await harmless("download", "20181129", "--url", url, "--folder", join(folder, "nights"));
    server.close();
  });

  it("acts on no terminal as a broker that names its host", async () => {
    const broker = await advertise(`${hostileText}.example`);
    vi.stubEnv("KAFKA_BOOTSTRAP", broker.bootstrap);
    try {
      const run = await harmless("doctor", "--broker");
      expect(run.stdout).toContain("golf");
      await harmless("topics", "list");
      await harmless("status");
    } finally {
      vi.unstubAllEnvs();
      broker.close();
    }
  });
});
