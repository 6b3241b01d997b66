import { expect, it, vi } from "vitest";
import { Admin } from "./admin";
import type { Connection } from "./connection-settings";
import { kafkaCodes, protocolError } from "./protocol-error";

const { answers, asked } = vi.hoisted(() => ({ answers: [] as unknown[], asked: [] as string[] }));
const next = (question: string) => {
  asked.push(question);
  const answer = answers.shift();
  if (answer instanceof Error) throw answer;
  return answer;
};
vi.mock("./cluster", () => ({
  Cluster: class {
    isClosed = false;
    any = async () => "any";
    at = async (address: string) => address;
    node = async (node: number) => `node ${node}`;
    metadata = async ([name]: string[]) => next(`metadata of ${name}`);
  },
}));
vi.mock("./group-requests", () => ({
  findCoordinator: async (broker: string, group: string) => next(`${broker} for ${group}`),
  fetchOffsets: async (broker: string, group: string) => next(`${broker} about ${group}`),
}));
vi.mock("./list-offsets", () => ({
  listOffsets: async (broker: string, _: string, partitions: number[]) => next(`${broker} about ${partitions}`),
}));

const admin = new Admin({} as Connection);
const metadata = (leaders: number[], error = 0) => {
  const partitions = new Map(leaders.map((leader, partition) => [partition, { leader, replicas: [] }]));
  return { topics: new Map([["t", { error, partitions }]]) };
};

it("asks again while the coordinator loads its groups, whoever looks after them, and passes on what does not pass", async () => {
  const offsets = new Map();
  answers.push(protocolError(kafkaCodes.coordinatorNotAvailable), "b1", protocolError(kafkaCodes.coordinatorLoading));
  answers.push("b1", protocolError(kafkaCodes.notCoordinator), "b2", offsets);
  expect(await admin.fetchOffsets("g")).toBe(offsets);
  expect(asked.splice(0)).toEqual([
    "any for g",
    "any for g",
    "b1 about g",
    "any for g",
    "b1 about g",
    "any for g",
    "b2 about g",
  ]);
  answers.push(protocolError(kafkaCodes.groupForbidden));
  await expect(admin.fetchOffsets("g")).rejects.toMatchObject({ type: "GROUP_AUTHORIZATION_FAILED" });
  expect(asked.splice(0)).toEqual(["any for g"]);
});

it("asks each leader for the offsets of its partitions, and again while one is none yet", async () => {
  const leaders = [1, 2, 1];
  answers.push(metadata(leaders), new Map([[0, 5n]]), protocolError(kafkaCodes.topicAbsent));
  answers.push(
    metadata(leaders),
    new Map([
      [0, 5n],
      [2, 7n],
    ]),
    new Map([[1, 6n]]),
  );
  expect([...(await admin.listOffsets("t", "latest"))].sort()).toEqual([
    [0, 5n],
    [1, 6n],
    [2, 7n],
  ]);
  const once = ["metadata of t", "node 1 about 0,2", "node 2 about 1"];
  expect(asked.splice(0)).toEqual([...once, ...once]);
});

it("throws at once what a topic's metadata says", async () => {
  answers.push(metadata([], kafkaCodes.topicForbidden));
  await expect(admin.listOffsets("t", "latest")).rejects.toMatchObject({ type: "TOPIC_AUTHORIZATION_FAILED" });
  expect(asked.splice(0)).toEqual(["metadata of t"]);
});
