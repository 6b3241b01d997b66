import { describe, expect, it } from "vitest";
import { alertToJson } from "./json";

describe("alertToJson", () => {
  it.each([
    [2n ** 63n - 1n, '"9223372036854775807"'],
    [-(2n ** 63n), '"-9223372036854775808"'],
    [Number.NaN, "null"],
    [Number.NEGATIVE_INFINITY, "null"],
    [undefined, "null"],
    [0.1 + 0.2, "0.30000000000000004"],
    ['a "quoted"\n\u0000line', '"a \\"quoted\\"\\n\\u0000line"'],
    [Buffer.from("abc"), "3"],
    [{ a: [1n, Number.NaN, null], b: undefined, c: () => 1 }, '{"a":["1",null,null]}'],
    [new Float32Array([1.5, Number.NaN]), "[1.5,null]"],
    [new Date(Date.UTC(2018, 10, 29)), '"2018-11-29T00:00:00.000Z"'],
    [new Date(Number.NaN), "null"],
  ])("encodes %o", (value, text) => {
    expect(alertToJson(value)).toBe(text);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it("agrees with JSON.stringify wherever JSON has the value", () => {
    const plain = { a: 1e300, b: -0.5, c: "ü\u2028", d: [true, false, null, {}], e: { f: [] } };
    expect(JSON.parse(alertToJson(plain))).toEqual(plain);
  });

  it("writes bytes as base64 when asked, inside an alert too", () => {
    const alert = {
      survey: "ztf",
      mjdUtc: 58000.5,
      alertId: 5n,
      mag: Number.NaN,
      packet: { stamp: Buffer.from("abc") },
    };
    expect(JSON.parse(alertToJson(alert, { bytes: true }))).toMatchObject({
      alertId: "5",
      mag: null,
      packet: { stamp: "YWJj" },
    });
    expect(JSON.parse(alertToJson(alert)).packet.stamp).toBe(3);
  });
});
