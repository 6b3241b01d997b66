import { describe, expect, it } from "vitest";
import { groupOf, planFilters, safeTopicName } from "./plan";

const accepts = () => true;

describe("planFilters", () => {
  it("names topics after the input and the filter, made safe", () => {
    expect(safeTopicName(" bright & round (g) ")).toBe("bright-round-g");
    expect(planFilters("in", [{ name: "a b", accepts }])[0]!.topic).toBe("in.a-b");
    expect(planFilters("in", [{ name: "a b", accepts, outTopic: "other" }])[0]!.topic).toBe("other");
  });

  it("refuses what cannot be kept apart", () => {
    const wrong: [unknown, RegExp][] = [
      [[], /at least one filter/],
      [[{ name: "", accepts }], /a name for every filter/],
      [[{ name: "☃", accepts }], /letters or digits in the name of every filter, got "☃"/],
      [[{ name: "x" }], /a function of the alert as filter "x"/],
      [
        [
          { name: "x", accepts },
          { name: "x", accepts, outTopic: "y" },
        ],
        /filters of different names/,
      ],
      [
        [
          { name: "a b", accepts },
          { name: "a-b", accepts },
        ],
        /"in.a-b" for both "a b" and "a-b"/,
      ],
      [[{ name: "dead", accepts }], /other than the topic it reads/],
      [[{ name: "x", accepts, outTopic: "in" }], /other than the topic it reads/],
      [[{ name: "x", accepts, outTopic: "no good" }], /a topic name/],
    ];
    for (const [filters, message] of wrong) {
      expect(() => planFilters("in", filters as never)).toThrow(message);
      expect(() => planFilters("in", filters as never)).toThrow(expect.objectContaining({ code: "USAGE" }));
    }
  });

  it("gives the filters of a topic one group, whichever they are and in whatever order", () => {
    expect(groupOf("in")).toBe("filter-in");
  });
});
