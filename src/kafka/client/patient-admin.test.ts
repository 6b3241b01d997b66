import type { Admin } from "kafkajs";
import { expect, it } from "vitest";
import { patientAdmin } from "./patient-admin";

const refusal = (type: string) => Object.assign(new Error(type), { type });

it("asks again while the coordinator loads its groups, whoever asks, and passes on what does not pass", async () => {
  const answers: (Error | string)[] = [
    refusal("GROUP_LOAD_IN_PROGRESS"),
    Object.assign(new Error("retries"), { cause: refusal("NOT_COORDINATOR_FOR_GROUP") }),
    Object.assign(new Error("groups"), { groups: [{ errorCode: 15 }] }),
    "offsets",
    refusal("GROUP_AUTHORIZATION_FAILED"),
  ];
  let asked = 0;
  const fetchOffsets = async (given: unknown) => {
    expect(given).toEqual({ groupId: "g" });
    const answer = answers[asked++]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const admin = patientAdmin({ fetchOffsets, events: { CONNECT: "x" } } as unknown as Admin);
  expect(admin.events).toEqual({ CONNECT: "x" });
  expect(await admin.fetchOffsets({ groupId: "g" })).toBe("offsets");
  expect(asked).toBe(4);
  await expect(admin.fetchOffsets({ groupId: "g" })).rejects.toMatchObject({ type: "GROUP_AUTHORIZATION_FAILED" });
  expect(asked).toBe(5);
});
