import { expect, it } from "vitest";
import { momentsOf, type Spot } from "./lsst-shape";

const figures: Record<string, Spot[]> = {
  point: [{ dx: 0, dy: 0, share: 1, sigma: 1.8 }],
  dipole: [
    { dx: 1.1, dy: 0.4, share: 1.8, sigma: 1.8 },
    { dx: -1.1, dy: -0.4, share: -0.8, sigma: 1.8 },
  ],
  cosmicRay: [-3, -2, -1, 0, 1, 2, 3].map((i) => ({ dx: 0.7 * i, dy: -0.3 * i, share: 1 / 7, sigma: 0.6 })),
  edge: [-2, -1, 0, 1, 2].map((i) => ({ dx: 0, dy: 4 * i, share: 0.2, sigma: 2.7 })),
};

// by brute force on a grid four times finer, with the functions of the machine
it.each(Object.entries(figures))("a %s has the moments of its picture down to a tenth of its peak", (name, spots) => {
  const points: { x: number; y: number; value: number }[] = [];
  for (let x = -15; x <= 15; x += 0.25) {
    for (let y = -15; y <= 15; y += 0.25) {
      const value = spots.reduce((sum, { dx, dy, share, sigma }) => {
        return sum + (share / sigma ** 2) * Math.exp(-((x - dx) ** 2 + (y - dy) ** 2) / (2 * sigma ** 2));
      }, 0);
      points.push({ x, y, value });
    }
  }
  const peak = Math.max(...points.map((p) => p.value));
  const lit = name === "point" ? points : points.filter((p) => p.value >= 0.1 * peak);
  const total = lit.reduce((sum, p) => sum + p.value, 0);
  const mean = (of: (p: (typeof lit)[0]) => number) => lit.reduce((sum, p) => sum + p.value * of(p), 0) / total;
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)];
  const expected = {
    xx: 0.04 * mean((p) => (p.x - x) ** 2), // pixels of 0.2″
    yy: 0.04 * mean((p) => (p.y - y) ** 2),
    xy: 0.04 * mean((p) => (p.x - x) * (p.y - y)),
  };
  const found = momentsOf(spots);
  const scale = expected.xx + expected.yy;
  for (const key of ["xx", "yy", "xy"] as const)
    expect([key, Math.abs(found[key] - expected[key]) / scale < 0.05]).toEqual([key, true]);
});
