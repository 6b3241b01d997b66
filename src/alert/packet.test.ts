import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { decodeAlert } from "./decode";
import { encodeAlert } from "./encode";

describe("a packet on the console", () => {
  const schema = {
    type: "record",
    name: "alert",
    fields: [
      { name: "objectId", type: "string" },
      { name: "candidate", type: { type: "record", name: "candidate", fields: [{ name: "candid", type: "long" }] } },
    ],
  };
  const plain = { objectId: "ZTF18abcdefg", candidate: { candid: 697251921215010004n } };
  const { packet } = decodeAlert(encodeAlert(plain, { schema }));

  it("looks like a plain object, as a whole and in its parts", () => {
    expect(inspect(packet)).toBe(inspect(plain));
    expect(inspect(packet.candidate)).toBe(inspect(plain.candidate));
  });
});
