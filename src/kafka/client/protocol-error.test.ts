import { describe, expect, it } from "vitest";
import { advertise } from "../../../test/helpers/advertising-broker";
import { withAdmin } from "./connection";
import { versionError } from "./protocol-error";

describe("a broker that does not know what is asked", () => {
  it.each([
    [{ 0: range(0, 2), 1: range(0, 3) }, "0.10 or older", "versions 0 to 2 of Produce, not 7"],
    [{ 0: range(0, 3), 1: range(0, 5) }, "0.11", "versions 0 to 3 of Produce, not 7"],
    [{ 0: range(0, 6), 1: range(0, 8) }, "2.0", "versions 0 to 6 of Produce, not 7"],
    [{ 0: range(9, 20), 1: range(9, 30) }, "a broker", "versions 9 to 20 of Produce, not 7"],
    [{}, "a broker", "no version of Produce"],
  ])("is told the release that is needed, with its own where that can be known", (known, release, knows) => {
    expect(versionError("h:1", 0, [7], known)).toMatchObject({
      code: "KAFKA_REFUSED",
      message: `Expected Kafka 2.1 or newer at h:1, got ${release} that knows ${knows}`,
      remedy: expect.stringContaining("2.1"),
    });
  });

  it("is not asked again, and is the error of the call", async () => {
    const broker = await advertise("127.0.0.1");
    const { bootstrap } = broker;
    try {
      await expect(withAdmin({ bootstrap }, (admin) => admin.fetchOffsets("g"))).rejects.toMatchObject({
        code: "KAFKA_REFUSED",
        message: expect.stringMatching(/^Expected Kafka 2.1 or newer at .* no version of \w*Coordinator$/),
      });
    } finally {
      broker.close();
    }
  });
});

function range(minVersion: number, maxVersion: number) {
  return { minVersion, maxVersion };
}
