import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const schema = {
  type: "record",
  name: "a.b",
  fields: [
    { name: "text", type: "string" },
    { name: "m", type: { type: "map", values: "int" } },
  ],
};
const packet = (text: Buffer, key: Buffer = Buffer.from("k")) =>
  Buffer.concat([Buffer.from([text.length * 2]), text, Buffer.from([2, key.length * 2]), key, Buffer.from([14, 0])]);
const texts: [string, Buffer, boolean][] = [
  ["ASCII", Buffer.from("r"), true],
  ["UTF-8 of two, three and four bytes", Buffer.from("ñ→😀"), true],
  ["Latin-1", Buffer.from("Cañas", "latin1"), false],
  ["half a letter at the end", Buffer.from("ñ").subarray(0, 1), false],
  ["a surrogate", Buffer.from([0xed, 0xa0, 0x80]), false],
  ["an overlong form", Buffer.from([0xc0, 0xaf]), false],
];

/** By a container of one block, as files hold them. */
const oracle = `
import io, json, sys, base64, fastavro
for line in json.load(sys.stdin)["records"]:
    try:
        fastavro.schemaless_reader(io.BytesIO(base64.b64decode(line)), ${JSON.stringify(schema)}, None)
        print("true")
    except UnicodeDecodeError:
        print("false")
`;

describe("text that is not UTF-8", () => {
  it.each(texts)("%s: is it read?", (_, text, isText) => {
    const read = (bytes: Buffer) => [...decodeAlerts(bytes, { schema, form: "bare" })][0]!.validate();
    for (const bytes of [packet(text), packet(Buffer.from("x"), text)]) {
      if (isText) expect(read(bytes)).toBe(undefined);
      else
        expect(() => read(bytes)).toThrow(
          expect.objectContaining({
            code: "AVRO_CORRUPT",
            message: expect.stringMatching(/text in UTF-8, got other bytes from byte \d+ on/),
          }),
        );
    }
  });

  it.skipIf(needs.python())("is refused by fastavro as well, and nothing else is", () => {
    const records = texts.map(([, text]) => packet(text).toString("base64"));
    const answers = runPython(oracle, [], JSON.stringify({ records })).trim().split("\n");
    expect(answers).toEqual(texts.map(([, , isText]) => String(isText)));
  });
});
