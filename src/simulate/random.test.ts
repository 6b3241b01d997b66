import { describe, expect, it } from "vitest";
import { Random } from "./random";

const sample = (n: number, draw: () => number) => Array.from({ length: n }, draw);
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;

describe("Random", () => {
  it("gives the same numbers for ever", () => {
    const random = new Random(7);
    expect([random.word(), random.word(), random.word()]).toMatchInlineSnapshot(`
      [
        4064013200,
        3079410369,
        4006409870,
      ]
    `);
    expect(new Random(7).fork("alert", 12).word()).toMatchInlineSnapshot(`1997716030`);
  });

  it("forks by name, not by what was drawn before", () => {
    const used = new Random(7);
    used.uniform();
    expect(used.fork("a", 1).word()).toBe(new Random(7).fork("a", 1).word());
    const names = [["a", 1], ["a", 2], ["a", "1"], ["b", 1], ["a", 2 ** 33 + 1], ["a"]] as const;
    expect(new Set(names.map((keys) => new Random(7).fork(...keys).word())).size).toBe(names.length);
    expect(new Random(7).fork("a").word()).not.toBe(new Random(8).fork("a").word());
  });

  it("draws evenly: chi-squared of 64 boxes within its 99.9 % range", () => {
    const random = new Random(1);
    const boxes = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) boxes[random.below(64)]!++;
    const chi2 = boxes.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeGreaterThan(33); // 63 degrees of freedom
    expect(chi2).toBeLessThan(104);
  });

  it("has the moments of its distributions", () => {
    const random = new Random(3);
    const z = sample(40_000, () => random.normal());
    expect(Math.abs(mean(z))).toBeLessThan(0.02);
    expect(mean(z.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(z.map((x) => x ** 4))).toBeGreaterThan(2.8);
    expect(mean(z.map((x) => x ** 4))).toBeLessThan(3.2);
    const counts = sample(20_000, () => random.poisson(4));
    expect(mean(counts)).toBeCloseTo(4, 0);
    expect(mean(counts.map((n) => (n - 4) ** 2))).toBeGreaterThan(3.8);
    expect(mean(sample(9000, () => random.weighted([1, 2])))).toBeCloseTo(2 / 3, 1);
  });
});
