import { describe, expect, it } from "vitest";
import { checkAnswer, Unanswered } from "./output";

const message = (partition: number) => ({ key: null, value: null, headers: {}, partition });
const request = [
  { topic: "a", messages: [message(0), message(5), message(0)] },
  { topic: "b", messages: [message(1)] },
];
const answer = (...places: [string, number][]) => places.map(([topicName, partition]) => ({ topicName, partition }));

describe("what a broker confirms", () => {
  it("is what it was asked for", () => {
    expect(() => checkAnswer(request, answer(["a", 5], ["a", 0], ["b", 1]))).not.toThrow();
  });

  it.each([
    ["nothing", []],
    ["no answer", undefined],
    ["a partition too few, as kafkajs leaves out one that it does not know", answer(["a", 0], ["b", 1])],
    ["an empty answer among others", [...answer(["a", 0], ["b", 1]), null]],
    ["another partition", answer(["a", 0], ["a", 4], ["b", 1])],
    ["one more", answer(["a", 0], ["a", 5], ["b", 1], ["b", 2])],
    ["one twice", answer(["a", 0], ["a", 5], ["a", 5], ["b", 1])],
  ])("may not be committed when it is %s", (_, wrong) => {
    expect(() => checkAnswer(request, wrong)).toThrow(Unanswered);
  });

  it("is named with the topic to look at", () => {
    expect(() => checkAnswer(request, answer(["a", 0], ["b", 1]))).toThrow(
      expect.objectContaining({
        message: "Expected a/0, a/5, b/1 to confirm what was sent there, got an answer of a/0, b/1",
        remedy: expect.stringContaining("alerts topics describe a"),
      }),
    );
  });
});
