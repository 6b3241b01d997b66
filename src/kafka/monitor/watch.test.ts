import { describe, expect, it } from "vitest";
import type { KafkaMessage } from "../client/record";
import { TopicWatch } from "./watch";

const schema = { type: "record", name: "fink", fields: [{ name: "objectId", type: "string" }] };
const value = Buffer.from([4, 65, 66]);

describe("a monitored topic", () => {
  it("counts as unreadable what a subscriber could not read: a bare record needs the schema in its key", async () => {
    const watch = new TopicWatch("fink", 60, 10);
    const keys = [JSON.stringify(schema), "ZTF18aaaaaaa", null, `${JSON.stringify(schema)},`];
    for (const key of keys) {
      const message = { key: key && Buffer.from(key), value, timestamp: "0" } as unknown as KafkaMessage;
      await watch.add(message, 0, { registry: undefined });
    }
    const extent = { first: new Map([[0, 0n]]), next: new Map([[0, 4n]]) };
    expect(watch.take(extent, undefined, true)).toMatchObject({
      readAlerts: 4,
      unreadable: { NOT_AVRO: 2, SCHEMA_INVALID: 1 },
    });
  });
});
