import { randomBytes } from "node:crypto";
import { Partitioners } from "kafkajs";
import { describe, expect, it } from "vitest";
import { murmur2, partitionChooser } from "./choose-partition";

describe("murmur2", () => {
  // from the tests of Kafka's own Utils.murmur2
  it.each([
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ])("of %s is Kafka's", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });
});

describe("partitionChooser", () => {
  it("chooses as kafkajs does, for keys of any length", () => {
    const theirs = Partitioners.DefaultPartitioner();
    for (let length = 0; length < 200; length++) {
      const key = randomBytes(length);
      const partitions = 1 + (length % 45);
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => {
        return { partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] };
      });
      const expected = theirs({ topic: "t", partitionMetadata, message: { key, value: null } });
      expect(partitionChooser(partitions)({ key })).toBe(expected);
    }
  });

  it("takes the partitions in turn without a key, and is the same for a text and its bytes", () => {
    const choose = partitionChooser(3);
    expect(Array.from({ length: 6 }, () => choose({ key: null })).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(choose({ key: "ZTF18aabbcc" })).toBe(choose({ key: Buffer.from("ZTF18aabbcc") }));
  });
});
