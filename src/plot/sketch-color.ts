type Options = Readonly<Record<string, any>>;

/** Colours of traces that name none, in turn: those of Plotly. */
const colorway = "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf"
  .split(" ")
  .map((hex) => `#${hex}`);

export function traceColor(index: number, layout: Options): string {
  const list = Array.isArray(layout["colorway"]) && layout["colorway"].length > 0 ? layout["colorway"] : colorway;
  return css(list[index % list.length], "#444");
}

/** A colour that can stand in an attribute; whatever is none becomes `other`. */
export function css(color: unknown, other: string): string {
  const text = typeof color === "string" ? color.trim() : "";
  const isColor = /^(#[0-9a-f]{3,8}|[a-z]{3,24}|(rgb|hsl)a?\([\d\s.,%]{1,48}\))$/i.test(text);
  return isColor ? text : other;
}

/**
 * Plotly's colour scales by name: colours at even steps, or `place:colour`. Sources: ColorBrewer, Moreland's RdBu,
 * matplotlib's viridis and cividis, as plotly.js 4 has them; the browser test compares them.
 */
const scales: Readonly<Record<string, string>> = {
  greys: "000000 ffffff",
  ylgnbu: "081d58 253494 225ea8 1d91c0 41b6c4 7fcdbb c7e9b4 edf8d9 ffffd9",
  greens: "00441b 006d2c 238b45 41ab5d 74c476 a1d99b c7e9c0 e5f5e0 f7fcf5",
  ylorrd: "800026 bd0026 e31a1c fc4e2a fd8d3c feb24c fed976 ffeda0 ffffcc",
  bluered: "0000ff ff0000",
  rdbu: "0:050aac 0.35:6a89f7 0.5:bebebe 0.6:dcaa84 0.7:e6915a 1:b20a1c",
  reds: "0:dcdcdc 0.2:f5c39d 0.4:f5a069 1:b20a1c",
  blues: "0:050aac 0.35:283cbe 0.5:4664f5 0.6:5a78f5 0.7:6a89f7 1:dcdcdc",
  picnic: "0000ff 3399ff 66ccff 99ccff ccccff ffffff ffccff ff99ff ff66cc ff6666 ff0000",
  rainbow: "96005a 0000c8 0019ff 0098ff 2cff96 97ff00 ffea00 ff6f00 ff0000",
  portland: "0c3383 0a88ba f2d338 f28f38 d91e1e",
  jet: "0:000083 0.125:003caa 0.375:05ffff 0.625:ffff00 0.875:fa0000 1:800000",
  hot: "0:000000 0.3:e60000 0.6:ffd200 1:ffffff",
  blackbody: "0:000000 0.2:e60000 0.4:e6d200 0.7:ffffff 1:a0c8ff",
  earth: "0:000082 0.1:00b4b4 0.2:28d228 0.4:e6e632 0.6:784614 1:ffffff",
  electric: "0:000000 0.15:1e0064 0.4:780064 0.6:a05a00 0.8:e6c800 1:fffadc",
  viridis:
    "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725",
  cividis:
    "00204c 002a66 00346e 273f6c 3c4a6b 4c556b 5b5f6d 686a70 757575 838178 928c78 a19876 b0a572 c0b16d d1bf66 e1cc5c f3db4f ffe945",
};

type Stops = readonly (readonly [number, readonly [number, number, number]])[];

/** Values to colours, and what a colour bar says of it. */
export interface ColorMap {
  readonly low: number;
  readonly high: number;
  readonly title: string;
  readonly isShown: boolean;
  /** Red, green, blue of a place from 0 to 1. */
  at(place: number): readonly [number, number, number];
  of(value: unknown): string;
}

/**
 * The map of numbers to colours of a marker or a heat map.
 *
 * @param letter "c" for markers, "z" for heat maps
 * @param values finite ones set the ends where the figure does not
 */
export function colorMap(
  given: Options,
  letter: "c" | "z",
  extent: readonly [number, number],
  layout: Options,
): ColorMap {
  const shared = given["coloraxis"] ? (layout[String(given["coloraxis"])] as Options | undefined) : undefined;
  const options = shared ? { ...shared, showscale: shared["showscale"] ?? true } : given;
  const [min, max] = shared ? ["cmin", "cmax"] : [`${letter}min`, `${letter}max`];
  const low = finite(options[min!], extent[0]);
  const high = finite(options[max!], extent[1]);
  const isDefault = options["colorscale"] === undefined && (letter === "c" || shared !== undefined);
  const stops = stopsOf(isDefault ? automatic(low, high) : options["colorscale"]);
  const at = (place: number) => mix(stops, options["reversescale"] ? 1 - place : place);
  const title = options["colorbar"]?.title;
  return {
    low,
    high,
    title: String(title?.text ?? title ?? ""),
    isShown: options["showscale"] ?? (letter === "z" || options["colorbar"] !== undefined),
    at,
    of(value) {
      const number = value === null || value === "" ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) return "#444";
      const [r, g, b] = at(high > low ? (number - low) / (high - low) : 0.5);
      return `#${((1 << 24) | (r << 16) | (g << 8) | b).toString(16).slice(1)}`;
    },
  };
}

const finite = (value: unknown, other: number): number => (Number.isFinite(value) ? (value as number) : other);

/** As Plotly chooses for markers: by the sign of the values. */
const automatic = (low: number, high: number): string => (low < 0 && high > 0 ? "rdbu" : low >= 0 ? "reds" : "blues");

function stopsOf(scale: unknown): Stops {
  if (Array.isArray(scale) && scale.length >= 2) {
    return scale.map((stop, i) =>
      Array.isArray(stop) ? [Number(stop[0]), rgb(stop[1])] : [i / (scale.length - 1), rgb(stop)],
    );
  }
  const name = String(scale ?? "rdbu").toLowerCase();
  const words = (scales[name.replace(/_r$/, "")] ?? scales["rdbu"]!).split(" ");
  return words.map((word, i) => {
    const [place, hex] = word.includes(":") ? word.split(":") : [i / (words.length - 1), word];
    return [Number(place), rgb(`#${hex}`)];
  });
}

/** Hexadecimal or `rgb(…)`; of other ways to write a colour grey remains. */
function rgb(color: unknown): readonly [number, number, number] {
  const text = String(color);
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex) {
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as [number, number, number];
  }
  const parts = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/i.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : [128, 128, 128];
}

function mix(stops: Stops, place: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, place));
  const after = Math.max(
    1,
    stops.findIndex(([from], i) => i > 0 && from >= at),
  );
  const [[from, a], [to, b]] = [stops[after - 1]!, stops[after]!];
  const share = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 1;
  return [0, 1, 2].map((i) => Math.round(a[i]! + share * (b[i]! - a[i]!))) as [number, number, number];
}

/** Least and largest finite value; [0, 1] when there is none. */
export function extentOf(values: Iterable<unknown>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    const number = value === null || value === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  return low <= high ? [low, high] : [0, 1];
}
