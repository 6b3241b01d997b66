import { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeValue, isBootcampError } from "../../src/errors";
import { cut, kafka, plot, publish, subscribe } from "../../src/index";
import { publicValues } from "../helpers/surface";

/**
 * Functions that start, stop, fetch or delete something, or wait for a broker: a wrong call of one of these must not be
 * tried out here. `engine.removeUserKernel` takes the kernel out of this user's home.
 */
const acting =
  /^(publish|subscribe|watch|check|progress|simulateNight|simulate\.nights|engine\.|kafka\.(?!bootstrapServers)|plot\.live|avro\.registerSchema|lesson\.(startPractice|resetProgress)|files\.(download|list|local|find))/;

const wrong: readonly unknown[] = [undefined, null, 17, "text", {}, [undefined], [null], () => 1, Promise.resolve([])];

/** Calls it and takes the first item of what it gives, so that generators and streams begin. */
async function tryOut(call: (argument: unknown) => unknown, argument: unknown): Promise<void> {
  const answer: any = await call(argument);
  if (typeof answer?.next === "function") await answer.next();
}

afterEach(() => vi.restoreAllMocks());

describe("public functions", () => {
  const functions = [...publicValues()].filter(
    ([name, value]) => typeof value === "function" && !/(^|\.)[A-Z]/.test(name) && !acting.test(name),
  ) as [string, (argument: unknown) => unknown][];

  it("answer a wrong first argument with an error of this library, or take it; none of them reaches outside", async () => {
    const asked = vi.spyOn(Socket.prototype, "connect").mockImplementation(() => {
      throw new Error("a test must reach nothing outside");
    });
    const raw: string[] = [];
    for (const [name, call] of functions)
      for (const argument of wrong) {
        try {
          await tryOut(call, argument);
        } catch (error) {
          if (!isBootcampError(error)) raw.push(`${name}(${describeValue(argument)}): ${error}`);
        }
      }
    expect(functions.length).toBeGreaterThan(55);
    expect(raw).toEqual([]);
    expect(asked).not.toHaveBeenCalled();
  });

  /** Of those above, what asks a broker, by the name of what it asks about: here one whose port is closed. */
  const { bootstrapServers, listTopics, listGroups, monitor, probe, resetTopic, ...byName } = kafka;
  const asking = { publish, subscribe, ...byName };

  it("say so before they ask a broker", async () => {
    const options = { bootstrap: "127.0.0.1:1", topic: "t", filters: [{ name: "all", accepts: () => true }] };
    const asked = Object.entries<any>(asking);
    const missed: string[] = [];
    for (const [name, call] of asked)
      for (const argument of [undefined, null, 17, {}, () => 1, Promise.resolve("t")]) {
        const sent = tryOut((first) => call(first, options), argument);
        const error = await sent.then(
          () => "none",
          (reason) => reason.code ?? `${reason}`,
        );
        if (error !== "USAGE") missed.push(`${name}(${describeValue(argument)}): ${error}`);
      }
    expect(asked.length).toBeGreaterThan(13);
    expect(missed).toEqual([]);
  });

  it("say what to do about swapped arguments and promises", async () => {
    const alert = { alertId: 1n, mjdUtc: 1, history: [], survey: "ztf", packet: {} } as any;
    const bright = cut("bright", (a: any) => a.mag < 16);
    expect(() => cut.explain(bright as any, alert)).toThrow("a cut as second argument");
    try {
      plot.sky(Promise.resolve([]) as any);
    } catch (error) {
      expect(error).toMatchObject({ code: "USAGE", remedy: "write await before it" });
    }
    expect.assertions(2);
  });
});
