import type { Admin } from "kafkajs";
import { describe, expect, it } from "vitest";
import { LeftBehind } from "./left";

const filters = ["a", "b", "c", "d"].map((name) => ({ name, topic: name, accepts: () => true }));
/** Offsets of the groups of a, b and c; that of d is not there. */
const offsets: Record<string, string> = { "g.a": "40", "g.b": "-1", "g.c": "-2" };
const admin = {
  listGroups: async () => ({ groups: Object.keys(offsets).map((groupId) => ({ groupId, protocolType: "" })) }),
  fetchOffsets: async ({ groupId }: { groupId: string }) => [
    { topic: "in", partitions: [{ partition: 0, offset: offsets[groupId]!, metadata: null }] },
  ],
} as unknown as Admin;

describe("a filter", () => {
  it("is left behind where its group has a place, also one that kafkajs put at the first message there is", async () => {
    const left = new LeftBehind("in", "g", filters);
    await left.refresh(admin, 0);
    expect([...left.in(0)].sort()).toEqual([0, 2]);
  });

  it("is no longer left behind when its place has gone with the topic", async () => {
    const left = new LeftBehind("in", "g", filters);
    for (const n of [0, 1, 3]) left.add(0, n);
    left.add(1, 3);
    await left.refresh(admin, 0);
    expect([[...left.in(0)].sort(), [...left.in(1)]]).toEqual([[0, 2], [3]]);
  });
});
