import { describe, expect, it } from "vitest";
import { fieldNames, fieldOf, findField, nearFields, parseFields } from "./fields";
import type { AlertView } from "./types";

const alert = {
  survey: "ztf",
  mjdUtc: 58000,
  mag: 17,
  magErr: Number.NaN,
  objectId: "ZTF18",
  history: [{ mag: 16 }, { mag: 15 }],
  packet: { objectId: "ZTF18", prv_candidates: null, candidate: { magpsf: 17, rb: null, elong: 1.1 } },
} as unknown as AlertView;

describe("fieldOf", () => {
  it.each([
    ["mag", 17],
    ["magErr", Number.NaN],
    ["packet.candidate.magpsf", 17],
    ["packet.candidate.rb", null],
    ["packet.prv_candidates.0.jd", null],
    ["history.1.mag", 15],
    ["history.2.mag", null],
    ["history.length", 2],
  ])("finds %s", (path, value) => expect(fieldOf(alert, path)).toEqual(value));

  it.each([
    ["packet.candidate.magps", "packet.candidate.magpsf"],
    ["magpsf", "packet.candidate.magpsf"],
    ["Mag", "mag"],
    ["objectID", "objectId, packet.objectId"],
    ["packet.candidte.elong", "packet.candidate.elong"],
  ])("says of %s what comes near", (path, near) => {
    expect(() => fieldOf(alert, path)).toThrow(
      expect.objectContaining({ code: "NO_FIELD", remedy: `Did you mean ${near}?` }),
    );
  });

  it.each([
    "constructor",
    "toString",
    "packet.constructor",
    "packet.candidate.__proto__",
    "history.push",
    "mag.toFixed",
    "",
  ])("takes %j for no field", (path) => expect(findField(alert, path)).toBeUndefined());

  it("lists common fields when nothing comes near", () => {
    expect(() => fieldOf(alert, "zzzzzz")).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("Common fields") }),
    );
  });
});

describe("field names", () => {
  it("come from the common view and the packet", () => {
    expect(fieldNames(alert)).toEqual(expect.arrayContaining(["ra", "packet.candidate", "packet.candidate.elong"]));
    expect(nearFields("x", ["y", "yy"])).toEqual(["y"]);
    expect(parseFields("objectId, mag")).toEqual(["objectId", "mag"]);
    expect(() => parseFields("a,,b")).toThrow(/Expected field names/);
  });
});
