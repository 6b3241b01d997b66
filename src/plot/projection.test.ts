import { describe, expect, it } from "vitest";
import { project, wrap } from "./projection";

describe("project", () => {
  it("has the corners where Snyder's formulas put them, RA to the left", () => {
    const close = (got: number[], expected: number[]) =>
      got.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 9));
    close(project(180, 0, "mollweide"), [0, 0]);
    close(project(180, 90, "mollweide"), [0, Math.SQRT2]);
    close(project(270, 0, "mollweide"), [-Math.SQRT2, 0]);
    close(project(90, 0, "mollweide"), [Math.SQRT2, 0]);
    close(project(90, 0, "aitoff"), [Math.PI / 2, 0]);
    close(project(180, -90, "aitoff"), [0, -Math.PI / 2]);
  });

  it("Mollweide solves its equation: 2θ + sin 2θ = π sin(latitude)", () => {
    for (const latitude of [-89.9, -60, -5, 0.001, 45, 85, 89.99]) {
      const theta = Math.asin(project(180, latitude, "mollweide")[1] / Math.SQRT2);
      expect(2 * theta + Math.sin(2 * theta)).toBeCloseTo(Math.PI * Math.sin((latitude * Math.PI) / 180), 6);
    }
  });

  it("Mollweide keeps areas: a small square anywhere has the same area as one at the centre", () => {
    const area = (ra: number, dec: number): number => {
      const d = 0.01;
      const [x0, y0] = project(ra, dec, "mollweide");
      const [x1, y1] = project(ra + d, dec, "mollweide");
      const [x2, y2] = project(ra, dec + d, "mollweide");
      return Math.abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / Math.cos((dec * Math.PI) / 180);
    };
    for (const [ra, dec] of [
      [10, 5],
      [200, 45],
      [300, -70],
      [120, 80],
    ] as const) {
      expect(area(ra, dec) / area(180, 0)).toBeCloseTo(1, 2);
    }
  });
});

describe("wrap", () => {
  it("keeps the edge of the map on its own side", () => {
    expect([wrap(180), wrap(-180), wrap(190), wrap(-190), wrap(720)]).toEqual([180, -180, -170, 170, 0]);
  });
});
