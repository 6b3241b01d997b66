import { describe, expect, it } from "vitest";
import { cos, exp, fraction, ln, magOf, nJyOf, normalCdf, pow10, rounded, sin } from "./numeric";

// the engine's own functions are the independent measure here; only their last digit may differ
const grid = (low: number, high: number, n = 2000) =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * (i + 0.37)) / n);

describe("mathematics from the four operations", () => {
  it("agrees with the engine to 1e-13", () => {
    for (const x of grid(-80, 80)) expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
    for (const x of grid(-30, 30)) expect(Math.abs(pow10(x) / 10 ** x - 1)).toBeLessThan(1e-12);
    for (const x of grid(1e-9, 1e9)) expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-13);
    for (const x of grid(0.2, 5)) expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-14);
    for (const x of grid(-100, 100)) expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-13);
    for (const x of grid(-100, 100)) expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(1e-13);
  });

  it("keeps the edges", () => {
    expect(ln(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(ln(-1)).toBeNaN();
    expect(Math.abs(ln(5e-324) - Math.log(5e-324))).toBeLessThan(1e-12);
    expect(exp(-800)).toBe(0);
    expect(exp(0)).toBe(1);
    expect(fraction(-0.25)).toBe(0.75);
    expect(rounded(1.23456, 3)).toBe(1.235);
  });

  it("knows published values", () => {
    expect(normalCdf(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalCdf(-1)).toBeCloseTo(0.158655, 6);
    expect(nJyOf(31.4)).toBe(1);
    expect(nJyOf(23.9)).toBeCloseTo(1000, 6); // 23.9 mag AB is 1 microjansky
    expect(magOf(1e9)).toBeCloseTo(8.9, 9);
    expect(magOf(-1)).toBeNaN();
  });
});
