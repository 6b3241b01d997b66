import type { Admin } from "kafkajs";
import { describe, expect, it } from "vitest";
import { topicOffsets } from "./topic-offsets";

/** A broker that answers with these types of error, one after the other, and then with offsets. */
function brokerThatSays(...types: string[]) {
  const offsets = [{ partition: 0, offset: "7", low: "2", high: "7" }];
  const fetchTopicOffsets = async () => {
    const type = types.shift();
    if (type) throw Object.assign(new Error(type), { type });
    return offsets;
  };
  return { admin: { fetchTopicOffsets } as unknown as Admin, offsets, left: () => types.length };
}

describe("topicOffsets", () => {
  it("asks again while a partition has no leader", async () => {
    const { admin, offsets } = brokerThatSays("NOT_LEADER_FOR_PARTITION", "LEADER_NOT_AVAILABLE");
    expect(await topicOffsets(admin, "new")).toEqual(offsets);
  });

  it("throws any other error at once", async () => {
    const { admin, left } = brokerThatSays("TOPIC_AUTHORIZATION_FAILED", "NOT_LEADER_FOR_PARTITION");
    await expect(topicOffsets(admin, "closed")).rejects.toMatchObject({ type: "TOPIC_AUTHORIZATION_FAILED" });
    expect(left()).toBe(1);
  });
});
