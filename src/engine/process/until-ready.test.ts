import { expect, it } from "vitest";
import { untilReady, type Waiting } from "./until-ready";

const base = { what: "Starting it", seconds: 60, everyMs: 1, lives: async () => true } satisfies Partial<Waiting>;

it("looks again while a look fails or says no", async () => {
  let looks = 0;
  const isReady = async () => {
    looks++;
    if (looks === 1) throw new Error("not yet");
    return looks === 3;
  };
  expect([await untilReady({ ...base, isReady }), looks]).toEqual([undefined, 3]);
});

it("ends with what was started, after one last look", async () => {
  const refused = new Error("refused");
  let [lived, looks] = [2, 0];
  const lives = async () => lived-- > 0;
  const isReady = async () => {
    looks++;
    throw refused;
  };
  expect([await untilReady({ ...base, lives, isReady }), looks]).toEqual([{ cause: refused }, 3]);
});

it("ends with its time, and with its signal", async () => {
  const isReady = async () => false;
  expect(await untilReady({ ...base, seconds: 0, isReady })).toEqual({ cause: undefined });
  const waiting = untilReady({ ...base, isReady, signal: AbortSignal.abort() });
  await expect(waiting).rejects.toMatchObject({ code: "ABORTED", message: "Starting it was interrupted" });
});
