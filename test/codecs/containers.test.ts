// @module-tag long
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { decompressBlock } from "../../src/avro/codecs";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const codecs = ["null", "deflate", "snappy", "zstandard", "bzip2", "xz"];

/** Three real alerts, written anew in one container per codec, 40 times over in small blocks. */
const oracle = `
import sys, base64, io, fastavro
fastavro.read.LOGICAL_READERS.clear()
path, codecs = sys.argv[1], sys.argv[2:]
with open(path, "rb") as f:
    reader = fastavro.reader(f)
    records, schema = list(reader) * 40, reader.writer_schema
for codec in codecs:
    out = io.BytesIO()
    fastavro.writer(out, schema, records, codec=codec, sync_interval=200000)
    print(base64.b64encode(out.getvalue()).decode())
`;

/** A container with one block that expands to very much more than it is. */
const bombs = `
import sys, base64, io, fastavro
schema = {"type": "record", "name": "bomb", "fields": [{"name": "zeros", "type": "bytes"}]}
for codec in sys.argv[1:]:
    out = io.BytesIO()
    fastavro.writer(out, schema, [{"zeros": bytes(90_000_000)}], codec=codec)
    print(base64.b64encode(out.getvalue()).decode())
`;

const containers = (script: string, args: string[]) =>
  runPython(script, args)
    .trim()
    .split("\n")
    .map((line) => Buffer.from(line, "base64"));

describe.skipIf(needs.data() || needs.python())("containers written by fastavro", () => {
  const file = dataFolder("lsst", "lsst.v10_0.fakeAlert.avro");

  it("gives the same records for every codec", () => {
    const [plain] = decodeAlerts(readFileSync(file));
    for (const [i, bytes] of containers(oracle, [file, ...codecs]).entries()) {
      const alerts = [...decodeAlerts(bytes)];
      expect(alerts.length, codecs[i]).toBe(40);
      expect(
        alerts.every((alert) => alert.record.equals(plain!.record)),
        codecs[i],
      ).toBe(true);
    }
  });

  it("reports damage in a block of any codec, and does not read on", () => {
    for (const [i, bytes] of containers(oracle, [file, ...codecs]).entries()) {
      if (codecs[i] === "null") continue;
      const damaged = Buffer.from(bytes);
      const at = damaged.length - 200;
      for (let k = 0; k < 64; k++) damaged[at + k]! ^= 0x5a;
      expect(() => [...decodeAlerts(damaged)], codecs[i]).toThrow(expect.objectContaining({ code: "AVRO_CORRUPT" }));
    }
  });

  it("refuses blocks that expand beyond all reason, whatever the codec", () => {
    const pressed = codecs.slice(1);
    for (const [i, bytes] of containers(bombs, pressed).entries()) {
      expect(bytes.length, pressed[i]).toBeLessThan(5_000_000);
      if (bytes.length * 200 > 90_000_000) continue; // snappy presses no more than twentyfold: no bomb
      expect(() => [...decodeAlerts(bytes)], pressed[i]).toThrow(expect.objectContaining({ code: "AVRO_CORRUPT" }));
    }
  });
});

describe("decompressBlock", () => {
  it("fails with a code on bytes of no meaning and on none", () => {
    for (const codec of codecs.slice(1)) {
      for (const bytes of [Buffer.alloc(0), Buffer.from([1, 2, 3]), Buffer.alloc(500, 0xa7)]) {
        expect(() => decompressBlock(codec, bytes), codec).toThrow(expect.objectContaining({ code: "AVRO_CORRUPT" }));
      }
    }
  });
});
