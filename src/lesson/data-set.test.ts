import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dataSetName, expectedIn, type Published, unknownAnswer, useDataSet } from "./data-set";

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  vi.stubEnv("BOOTCAMP_DATA_SET", "");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const from = (source: string | null, alertId: bigint): Published => ({
  alertId,
  origin: { kind: "kafka", headers: source === null ? {} : { "bootcamp-source": Buffer.from(source) } },
});
const topic = (count: number, first: bigint, source: string | null = null): Published[] =>
  Array.from({ length: count }, (_, i) => from(source, first + BigInt(count - 1 - i)));

describe("the data of a lesson", () => {
  it("are named by the header of the alerts", () => {
    expect(useDataSet(topic(500, 1n, "simulated-7"))).toBe("simulated-7");
    expect(useDataSet(topic(3, 1n, "simulated-8"))).toBe("simulated-8");
    expect(dataSetName()).toBe("simulated-8");
    expect(printed).toEqual([]);
  });

  it("are recognised without one by their number and their first id", () => {
    expect(useDataSet(topic(115, 472263571115115000n))).toBe("ztf");
    expect(useDataSet(topic(500, 2566125071115010085n))).toBe("simulated-7");
    expect(useDataSet(topic(499, 697173991815010001n))).toBe("20181129");
    expect(useDataSet(topic(499, 697173991815010001n, "renamed"))).toBe("20181129");
    expect(useDataSet(topic(499, 698173991815010001n))).toBe("kafka");
    expect(useDataSet(topic(114, 472263571115115000n))).toBe("kafka");
    expect(expectedIn({ ztf: 1, "simulated-7": 2 })).toBe(unknownAnswer);
  });

  it("have no known answers while the stream is still running, or when it was sent twice", () => {
    expect(useDataSet(topic(320, 1n, "simulated-7"))).toBe("part of simulated-7");
    expect(printed[0]).toBe(
      "Answers are known for the 500 alerts of simulated-7; 320 are here. If the stream is still running, run this cell again when it has ended.",
    );
    expect(expectedIn({ "simulated-7": 1, simulated: 2 })).toBe(unknownAnswer);
    expect(useDataSet(topic(1000, 1n, "simulated-7"))).toBe("more than simulated-7");
    expect(printed[1]).toMatch(/1000 are here, so the night was sent more than once/);
  });

  it("are several when the headers differ", () => {
    expect(useDataSet([...topic(2, 1n, "ztf"), ...topic(2, 1n)])).toBe("several data sets");
    expect(printed[0]).toMatch(/several data sets: ztf, unnamed\./);
    expect(() => useDataSet([])).toThrow(/Expected the alerts of a topic, got/);
  });
});
