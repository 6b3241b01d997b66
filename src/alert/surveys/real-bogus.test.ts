import { describe, expect, it } from "vitest";
import { alertOf, list, orNull, record } from "../../../test/helpers/schemas";

const types = {
  candid: "long",
  jd: "double",
  fid: "int",
  isdiffpos: "string",
  magpsf: "float",
  rcid: "int",
  programid: "int",
  rb: orNull("float"),
};
const value = { candid: 1n, jd: 2460000.5, fid: 1, isdiffpos: "t", magpsf: 18, rcid: 1, programid: 1 };
const ztf = (scores: Record<string, number | null>, name = "ztf.alert") => {
  const candidate = record({ ...types, ...("drb" in scores ? { drb: orNull("float") } : {}) }, `${name}.candidate`);
  const prior = list(record(types, `${name}.prv`));
  const schema = record({ candid: "long", objectId: "string", candidate, prv_candidates: prior }, name);
  const history = [{ ...value, rb: 0.25 }];
  return alertOf(schema, { candid: 1n, objectId: "ZTF", candidate: { ...value, ...scores }, prv_candidates: history });
};

describe("realBogus of ZTF", () => {
  it.each([
    ["is drb where the packet has it", { rb: 0.25, drb: 0.75 }, 0.75, "candidate.drb"],
    ["is rb where drb is null", { rb: 0.25, drb: null }, 0.25, "candidate.rb"],
    ["is rb where drb is −999", { rb: 0.25, drb: -999 }, 0.25, "candidate.rb"],
    ["is rb in packets of before drb", { rb: 0.25 }, 0.25, "candidate.rb"],
    ["is missing where both are", { rb: null, drb: null }, Number.NaN, "candidate.drb"],
  ])("%s, and sources says so", (_, scores, score, path) => {
    const alert = ztf(scores);
    expect([alert.survey, alert.realBogus, alert.sources.realBogus]).toEqual(["ztf", score, path]);
    expect(alert.history[0]!.realBogus).toBe(0.25);
  });

  it("is read alike in packets in ZTF's manner", () => {
    const schema = (scores: object) =>
      record({ id: "long", mjd: "double", mag: "double", ra: "double", dec: "double", ...scores });
    const both = schema({ rb: orNull("float"), drb: orNull("float") });
    const here = { id: 1n, mjd: 60000, mag: 18, ra: 1, dec: 2, rb: 0.25 };
    const [deep, forest] = [0.75, null].map((drb) => alertOf(both, { ...here, drb }));
    expect([deep!.realBogus, deep!.sources.realBogus]).toEqual([0.75, "drb"]);
    expect([forest!.realBogus, forest!.sources.realBogus]).toEqual([0.25, "rb"]);
  });
});
