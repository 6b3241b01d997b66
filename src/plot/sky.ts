import { axisTitle } from "../alert/common-view";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { groupColors, groupSymbols } from "./bands";
import { counted, type Figure, GREY, grouped, makeFigure, note, plain, type Trace } from "./figure";
import { project, type SkyProjection, wrap } from "./projection";
import { readable } from "./readable";

/** Anything with a position: an alert, a catalogue row. */
export interface SkyPoint {
  /** Degrees, ICRS. */
  readonly ra: number;
  readonly dec: number;
}

/** Options of {@link plotSky}. */
export interface SkyOptions<P> {
  title?: string;
  /** "radec" draws a rectangular map of the part that is covered. Default: that when it is smaller than 60°, else "mollweide". */
  projection?: SkyProjection | "radec";
  /** Colour and symbol by this, for example `(a) => a.band`; largest groups first, the rest together as "other". */
  group?: (point: P) => string;
  /** What hovering shows besides the position. */
  label?: (point: P) => string;
  /** RA in the middle of a whole-sky map, degrees; default 180. */
  centreRa?: number;
  /** At most this many points are drawn, evenly picked, and the title says so. Default 20,000. */
  maxPoints?: number;
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Frame {
  readonly place: (point: SkyPoint) => [number, number];
  readonly behind: readonly Trace[];
  readonly layout: { xTitle?: string; yTitle?: string; xaxis: object; yaxis: object; more: object };
  readonly words: string;
}

/** Beyond this many groups colours and symbols can no longer be told apart. */
const MAX_GROUPS = 12;
const SMALL_FIELD_DEG = 60;

/**
 * Positions on the sky, RA increasing to the left: the whole sky in equal areas, or the part that is covered.
 *
 * @throws USAGE for an unknown projection
 * @example
 * show(plot.sky(alerts, { group: (alert) => alert.band }));
 */
export function plotSky<P extends SkyPoint>(points: readonly P[], options: SkyOptions<P> = {}): Figure {
  expectArgument("list", points, "a list of positions");
  const { maxPoints = 20_000, centreRa = 180, title = "Sky map" } = options;
  const hasPlace = (point: P) => Number.isFinite(point?.ra) && Math.abs(point.dec) <= 90;
  const valid = readable(points, (point) => (hasPlace(point) ? [point] : []), "the sky map").flat();
  const step = Math.max(1, Math.ceil(valid.length / maxPoints));
  const field = fieldOf(valid);
  const projection = options.projection ?? (field.size < SMALL_FIELD_DEG && valid.length > 0 ? "radec" : "mollweide");
  if (!["mollweide", "aitoff", "radec"].includes(projection)) {
    throw usageError('projection "mollweide", "aitoff" or "radec"', projection);
  }
  const frame = projection === "radec" ? rectangular(field) : wholeSky(projection, centreRa);
  const place = (point: P): Placed => {
    const [x, y] = frame.place(point);
    const label = options.label ? `<br>${plain(options.label(point))}` : "";
    return { x, y, text: `RA ${point.ra.toFixed(5)}°, Dec ${point.dec.toFixed(5)}°${label}` };
  };
  const groups = groupBy(valid, options.group).map(({ name, members }): Group => {
    // thinned within its group, so that none is lost and the legend counts them all
    return { name, count: members.length, drawn: members.filter((_, i) => i % step === 0).map(place) };
  });
  const drawn = groups.reduce((sum, group) => sum + group.drawn.length, 0);
  const parts = [
    step > 1 ? `${grouped(drawn)} of ${counted(valid.length, "position")} drawn` : counted(valid.length, "position"),
    points.length > valid.length && `${grouped(points.length - valid.length)} without one`,
    frame.words,
  ];
  const { more, ...layout } = frame.layout;
  const empty = valid.length === 0 ? [note("no position")] : [];
  const annotations = [...((more as { annotations?: object[] }).annotations ?? []), ...empty];
  return makeFigure([...frame.behind, ...groupTraces(groups, options.group !== undefined)], {
    title: plain(title),
    subtitle: parts.filter(Boolean).join(" · "),
    height: 480,
    ...layout,
    more: { ...more, annotations },
  });
}

interface Group {
  readonly name: string;
  /** All that belong to it, drawn or not. */
  readonly count: number;
  readonly drawn: readonly Placed[];
}

/** The largest first. */
function groupBy<P>(points: readonly P[], of?: (point: P) => unknown): { name: string; members: P[] }[] {
  const groups = new Map<string, P[]>();
  for (const point of points) {
    const name = of ? String(of(point)) : "";
    const members = groups.get(name);
    if (members) members.push(point);
    else groups.set(name, [point]);
  }
  return [...groups]
    .map(([name, members]) => ({ name, members }))
    .sort((a, b) => b.members.length - a.members.length || (a.name < b.name ? -1 : 1));
}

function groupTraces(groups: readonly Group[], named: boolean): Trace[] {
  const traces = groups.slice(0, MAX_GROUPS).map(({ name, count, drawn }, i) => {
    const look = { color: groupColors[i % groupColors.length]!, symbol: groupSymbols[i % groupSymbols.length]! };
    return pointTrace(`${plain(name) || "none"} (${grouped(count)})`, drawn, look, named);
  });
  const rest = groups.slice(MAX_GROUPS);
  if (rest.length > 0) {
    const count = rest.reduce((sum, group) => sum + group.count, 0);
    const drawn = rest.flatMap((group) => group.drawn);
    traces.push(pointTrace(`other (${grouped(count)})`, drawn, { color: GREY, symbol: "x" }, named));
  }
  return traces;
}

function pointTrace(name: string, points: readonly Placed[], look: object, showlegend: boolean): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name,
    showlegend,
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    text: points.map((point) => point.text),
    hovertemplate: `%{text}<extra>${showlegend ? name : ""}</extra>`,
    marker: { ...look, size: points.length > 2000 ? 4 : 7, opacity: 0.75, line: { width: 0 } },
  };
}

interface Field {
  readonly ra: number;
  readonly dec: number;
  /** Larger side, degrees. */
  readonly size: number;
}

/** Middle and size of what is covered. RA by the mean direction, so that a field across RA 0 stays in one piece. */
function fieldOf(points: readonly SkyPoint[]): Field {
  let [east, north, low, high] = [0, 0, 90, -90];
  for (const { ra, dec } of points) {
    east += Math.cos((ra * Math.PI) / 180);
    north += Math.sin((ra * Math.PI) / 180);
    low = Math.min(low, dec);
    high = Math.max(high, dec);
  }
  const ra = (Math.atan2(north, east) * 180) / Math.PI;
  const dec = (low + high) / 2;
  const offsets = points.map((point) => Math.abs(wrap(point.ra - ra)));
  const half = offsets.reduce((a, b) => Math.max(a, b), 0);
  return { ra, dec, size: Math.max(high - low, 2 * half) };
}

function rectangular(field: Field): Frame {
  // Ticks are true right ascensions even where the axis runs below 0 or above 360.
  const span = Math.max(field.size, 0.002);
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const tick = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= span / 6) ?? span;
  const first = Math.floor((field.ra - 3 * span) / tick);
  const values = Array.from({ length: Math.ceil((6 * span) / tick) + 2 }, (_, i) => (first + i) * tick);
  const digits = Math.max(0, -Math.floor(Math.log10(tick)));
  const ticktext = values.map((value) => (((value % 360) + 360) % 360).toFixed(digits));
  // 1° of RA is cos(Dec) wide; held at the poles, where no rectangular map is right.
  const scaleratio = 1 / Math.max(0.05, Math.cos((field.dec * Math.PI) / 180));
  return {
    place: (point) => [field.ra + wrap(point.ra - field.ra), point.dec],
    behind: [],
    layout: {
      xTitle: axisTitle("ra"),
      yTitle: axisTitle("dec"),
      xaxis: { autorange: "reversed", tickvals: values, ticktext },
      yaxis: { scaleanchor: "x", scaleratio },
      more: {},
    },
    words: "",
  };
}

function wholeSky(projection: SkyProjection, centreRa: number): Frame {
  const line = (dense: [number, number][], color: string): Trace => {
    const path = dense.map(([ra, dec]) => project(ra, dec, projection, centreRa));
    const shape = { x: path.map(([x]) => x), y: path.map(([, y]) => y) };
    return {
      type: "scatter",
      mode: "lines",
      ...shape,
      line: { color, width: 1 },
      hoverinfo: "skip",
      showlegend: false,
    };
  };
  const range = (from: number, to: number, step: number) =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  // A hair inside ±180 so that both edges are drawn, not one twice.
  const meridians = range(-180, 180, 30).map((offset) => {
    const ra = centreRa + offset * (1 - 1e-9);
    return line(
      range(-90, 90, 3).map((dec) => [ra, dec]),
      Math.abs(offset) === 180 ? GREY : "#dddddd",
    );
  });
  const parallels = range(-60, 60, 30).map((dec) =>
    line(
      range(-180, 180, 4).map((offset) => [centreRa + offset * (1 - 1e-9), dec]),
      "#dddddd",
    ),
  );
  const label = (ra: number, dec: number, text: string, place: object) => {
    const [x, y] = project(ra, dec, projection, centreRa);
    return { x, y, text, showarrow: false, font: { size: 11, color: "#666" }, ...place };
  };
  const hours = range(-120, 120, 60).map((offset) =>
    label(centreRa + offset, 0, `${(((centreRa + offset) % 360) + 360) % 360}°`, { yanchor: "top" }),
  );
  const edge = centreRa + 180 * (1 - 1e-9);
  const degrees = range(-60, 60, 30).map((dec) =>
    label(edge, dec, `${dec > 0 ? "+" : ""}${dec}°`, { xanchor: "right" }),
  );
  const hidden = { visible: false };
  return {
    place: (point) => project(point.ra, point.dec, projection, centreRa),
    behind: [...meridians, ...parallels],
    layout: { xaxis: hidden, yaxis: { ...hidden, scaleanchor: "x" }, more: { annotations: [...hours, ...degrees] } },
    words: `${projection === "mollweide" ? "Mollweide" : "Aitoff"} projection, RA (°) increasing to the left`,
  };
}
