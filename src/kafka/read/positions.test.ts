import { expect, it } from "vitest";
import type { Admin } from "../client/admin";
import { kafkaCodes, protocolError } from "../client/protocol-error";
import { extentOf } from "./positions";

/** Answers the question for the last offsets, and the one for the first with this error. */
const failing = (code: number) => {
  const listOffsets = async (_: string, which: unknown) => {
    if (which === "earliest") throw protocolError(code);
    return new Map([[0, 7n]]);
  };
  return { listOffsets } as unknown as Admin;
};

it("is that of no topic when it is deleted between two questions, or not for this user", async () => {
  expect(await extentOf(failing(kafkaCodes.topicAbsent), "gone")).toBeNull();
  expect(await extentOf(failing(kafkaCodes.topicForbidden), "theirs")).toBeNull();
  await expect(extentOf(failing(kafkaCodes.clusterForbidden), "other")).rejects.toMatchObject({ code: 31 });
});
