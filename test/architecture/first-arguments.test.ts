import { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as library from "../../src/index";

/**
 * Functions that start, stop, fetch or delete something, or wait for a broker: a wrong call of one of these must not be
 * tried out here. `showDead` reads the topic it is given, `removeUserKernel` takes the kernel out of this user's home.
 */
const acting =
  /^(start|stop|setup|install|download|reset|publish|subscribe|pollAlert|play|probe|monitor|dead|showDead|removeUserKernel|list|delete|createTopic|describe(Topic|Group)|doctor|engine|lab|progress$|simulate|live|watch|replay|loadReservoir|registerSchema|chooseRegistry|check$|localNights|findAlerts|runFilters)/;

const wrong: readonly unknown[] = [undefined, null, 17, "text", {}, [undefined], [null], () => 1, Promise.resolve([])];

/** Calls it and takes the first item of what it gives, so that generators and streams begin. */
async function tryOut(call: (argument: unknown) => unknown, argument: unknown): Promise<void> {
  const answer: any = await call(argument);
  if (typeof answer?.next === "function") await answer.next();
}

afterEach(() => vi.restoreAllMocks());

describe("public functions", () => {
  const functions = Object.entries(library).filter(
    ([name, value]) => typeof value === "function" && /^[a-z]/.test(name) && !acting.test(name),
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
          if (!library.isBootcampError(error)) raw.push(`${name}(${library.describeValue(argument)}): ${error}`);
        }
      }
    expect(functions.length).toBeGreaterThan(90);
    expect(raw).toEqual([]);
    expect(asked).not.toHaveBeenCalled();
  });

  /** Of those above, what asks a broker: here one whose port is closed. */
  const asking =
    /^(publish|subscribe|pollAlert|playReservoir|loadReservoir|listDead|showDead|replayDead|runFilters|createTopic|deleteTopic|describeTopic|describeGroup|resetGroup|deleteGroup)$/;

  it("say so before they ask a broker", async () => {
    const options = { bootstrap: "127.0.0.1:1", topic: "t", filters: [{ name: "all", accepts: () => true }] };
    const asked = Object.entries(library).filter(([name]) => asking.test(name)) as [string, any][];
    const missed: string[] = [];
    for (const [name, call] of asked)
      for (const argument of [undefined, null, 17, {}, () => 1, Promise.resolve("t")]) {
        const sent = tryOut((first) => call(first, options), argument);
        const error = await sent.then(
          () => "none",
          (reason) => reason.code ?? `${reason}`,
        );
        if (error !== "USAGE") missed.push(`${name}(${library.describeValue(argument)}): ${error}`);
      }
    expect(asked.length).toBeGreaterThan(13);
    expect(missed).toEqual([]);
  });

  it("say what to do about swapped arguments and promises", async () => {
    const alert = { alertId: 1n, mjdUtc: 1, history: [], survey: "ztf", packet: {} } as any;
    const bright = library.cut("bright", (a: any) => a.mag < 16);
    expect(() => library.explain(bright as any, alert)).toThrow("a cut as second argument");
    try {
      library.plotSky(Promise.resolve([]) as any);
    } catch (error) {
      expect(error).toMatchObject({ code: "USAGE", remedy: "write await before it" });
    }
    expect.assertions(2);
  });
});
