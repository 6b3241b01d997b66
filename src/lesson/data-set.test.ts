import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dataSetName, type Published, useDataSet } from "./data-set";

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

const from = (source: string | null): Published => ({
  origin: { kind: "kafka", headers: source === null ? {} : { "bootcamp-source": Buffer.from(source) } },
});

describe("the data of a lesson", () => {
  it("are named by the header of the alerts, and without one by the environment or by where they came from", () => {
    expect(useDataSet([from("simulated-7"), from("simulated-7")])).toBe("simulated-7");
    expect(useDataSet([from("simulated-8")])).toBe("simulated-8");
    expect(dataSetName()).toBe("simulated-8");
    expect(useDataSet([from(null)])).toBe("kafka");
    vi.stubEnv("BOOTCAMP_DATA_SET", "ztf");
    expect(useDataSet(from(null))).toBe("ztf");
    expect(useDataSet("a name")).toBe("a name");
    expect(printed).toEqual([]);
  });

  it("are those of the first alert when there are several, which is said", () => {
    expect(useDataSet([from("ztf"), from(null)])).toBe("ztf");
    expect(printed[0]).toMatch(/several data sets: ztf, unnamed\. .*--fresh/);
    expect(() => useDataSet([])).toThrow(/Expected the alerts of a topic, got/);
  });
});
