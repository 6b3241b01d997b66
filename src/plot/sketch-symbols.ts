import { css } from "./sketch-color";
import { round } from "./sketch-words";

type Options = Readonly<Record<string, any>>;

const ring = (count: number, radius: number, turn = 0): [number, number][] =>
  Array.from({ length: count }, (_, i) => {
    const angle = ((360 / count) * i + turn) * (Math.PI / 180);
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
const turned = (shape: readonly (readonly [number, number])[], quarters: number): [number, number][] =>
  shape.map(([x, y]) => {
    const quarter = (quarters + 4) % 4;
    return quarter === 0 ? [x, y] : quarter === 1 ? [-y, x] : quarter === 2 ? [-x, -y] : [y, -x];
  });
const triangle: [number, number][] = [
  [0, -1],
  [1.155, 0.5],
  [-1.155, 0.5],
];
/** Four arms of half the width 0.4. */
const cross = (length: number): [number, number][] =>
  [0, 1, 2, 3].flatMap((quarter) => {
    const arm: [number, number][] = [
      [0.4, -0.4],
      [0.4, -length],
      [-0.4, -length],
    ];
    return turned(arm, -quarter);
  });

/** Corners of Plotly's symbols, in radii from the middle; y runs down. */
const shapes: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  square: ring(4, Math.SQRT2, 45),
  diamond: ring(4, 1.3),
  cross: cross(1.2),
  x: cross(1.2).map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
  "triangle-up": triangle,
  "triangle-down": turned(triangle, 2),
  "triangle-left": turned(triangle, 3),
  "triangle-right": turned(triangle, 1),
  pentagon: ring(5, 1),
  hexagon: ring(6, 1),
  hexagon2: ring(6, 1, 30),
  octagon: ring(8, 1, 22.5),
  star: ring(5, 1.4).flatMap((corner, i) => [corner, ring(5, 0.535, 36)[i]!]),
};
/** Plotly's numbers of symbols; 100 more for an open one. */
const numbered: Readonly<Record<number, string>> = {
  0: "circle",
  1: "square",
  2: "diamond",
  3: "cross",
  4: "x",
  5: "triangle-up",
  6: "triangle-down",
  7: "triangle-left",
  8: "triangle-right",
  13: "pentagon",
  14: "hexagon",
  15: "hexagon2",
  16: "octagon",
  17: "star",
};

/** Shape of a symbol, and whether it is open; `isKnown` is false where a circle stands in for it. */
export function symbolOf(symbol: unknown): { name: string; isOpen: boolean; isKnown: boolean } {
  const number = typeof symbol === "number" ? symbol : /^\d+$/.test(String(symbol)) ? Number(symbol) : Number.NaN;
  const text = Number.isNaN(number) ? String(symbol ?? "circle") : (numbered[number % 100] ?? "?");
  const name = text.replace(/-open|-dot/g, "");
  const isOpen = /-open/.test(text) || (number >= 100 && number < 200);
  return { name, isOpen, isKnown: !/-dot/.test(text) && (name === "circle" || Object.hasOwn(shapes, name)) };
}

/** One marker without its paint. */
export function outline(x: number, y: number, radius: number, name: string): string {
  const corners = Object.hasOwn(shapes, name) ? shapes[name]! : undefined;
  if (!corners) return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"`;
  let [atX, atY] = [0, 0];
  const steps = corners.map(([dx, dy]) => {
    // relative steps are half as long to write; each is rounded against what was written
    const step: [number, number] = [
      Math.round((dx * radius - atX) * 10) / 10,
      Math.round((dy * radius - atY) * 10) / 10,
    ];
    atX += step[0];
    atY += step[1];
    return `${step[0]},${step[1]}`;
  });
  return `<path d="M${round(x)},${round(y)}m${steps.join("l")}z"`;
}

/** How a marker is painted, from Plotly's options with every list replaced by its value. */
export function paint(color: string, isOpen: boolean, line: Options, width: number): string {
  if (isOpen) return `fill="none" stroke="${color}" stroke-width="${width || 1}"`;
  return width > 0
    ? `fill="${color}" stroke="${css(line["color"], "#444")}" stroke-width="${width}"`
    : `fill="${color}"`;
}
