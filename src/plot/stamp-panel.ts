import type { Stamp } from "../alert/types";
import { axis, GREY, plain, type Trace } from "./figure";

/** One image of a row of images. */
export interface Panel {
  readonly name: string;
  /** Null leaves the panel empty, with `note` in its middle. */
  readonly stamp: Stamp | null;
  /** Arcseconds per pixel that is drawn, NaN when not known. */
  readonly scale: number;
  /** Pixels of the survey along the side of one that is drawn. */
  readonly step: number;
  /** North up, east left. */
  readonly isUp: boolean;
  /** Pixel values that hovering shows, and their unit. */
  readonly shown: ArrayLike<number>;
  readonly unit: string;
  /** Grey levels, 0 to 1. */
  readonly grey: ArrayLike<number>;
  readonly note: string;
}

export interface DrawnPanel {
  readonly traces: Trace[];
  readonly axes: Record<string, object>;
  readonly annotations: object[];
}

/** Room for the numbers of an axis. */
const GAP = 0.08;

/** Axes, image and heading of panel `index` of `count` in a row. */
export function drawPanel(panel: Panel, index: number, count: number): DrawnPanel {
  const suffix = index === 0 ? "" : String(index + 1);
  const width = (1 - GAP * (count - 1)) / count;
  const left = index * (width + GAP);
  const domains = { x: [left, left + width], y: [0, 0.9] };
  const { stamp } = panel;
  const heading = {
    ...{
      xref: "paper",
      yref: "paper",
      x: left + width / 2,
      y: 1,
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
    },
    text: `<b>${panel.name}</b>`,
    font: { size: 12 },
  };
  // on a line of its own: side by side they would run into the next panel's
  const range = { ...heading, yanchor: "top", text: plain(panel.note), font: { size: 12, color: "#555" } };
  if (!stamp) {
    const middle = { ...heading, y: 0.5, yanchor: "middle", text: plain(panel.note), font: { size: 14, color: GREY } };
    const hidden = { visible: false };
    return {
      traces: [{ type: "scatter", x: [], y: [], xaxis: `x${suffix}`, yaxis: `y${suffix}` }],
      axes: {
        [`xaxis${suffix}`]: { ...hidden, domain: domains.x, anchor: `y${suffix}` },
        [`yaxis${suffix}`]: { ...hidden, domain: domains.y, anchor: `x${suffix}` },
      },
      annotations: [heading, middle],
    };
  }
  const inArcsec = Number.isFinite(panel.scale);
  const [horizontal, vertical] = !inArcsec
    ? ["column (px)", "row (px)"]
    : panel.isUp
      ? ["offset east (″)", "offset north (″)"]
      : ["offset in x (″)", "offset in y (″)"];
  const shape = { constrain: "domain", showgrid: false, mirror: true };
  return {
    traces: [heatmap(panel, stamp, suffix)],
    axes: {
      [`xaxis${suffix}`]: axis(horizontal!, {
        ...shape,
        domain: domains.x,
        anchor: `y${suffix}`,
        autorange: panel.isUp ? "reversed" : true,
      }),
      [`yaxis${suffix}`]: axis(index === 0 ? vertical! : "", {
        ...shape,
        domain: domains.y,
        anchor: `x${suffix}`,
        scaleanchor: `x${suffix}`,
      }),
    },
    annotations: [heading, range],
  };
}

function heatmap(panel: Panel, stamp: Stamp, suffix: string): Trace {
  const inArcsec = Number.isFinite(panel.scale);
  const unit = inArcsec ? panel.scale : panel.step;
  return {
    type: "heatmap",
    name: panel.name,
    x: centred(stamp.width, unit, inArcsec, panel.isUp),
    y: centred(stamp.height, unit, inArcsec, false),
    z: rows(panel.grey, stamp.width, (value) => Math.round(value * 1000) / 1000),
    customdata: rows(panel.shown, stamp.width, significant),
    zmin: 0,
    zmax: 1,
    colorscale: "Greys",
    showscale: false,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    hovertemplate: `%{x:.1f}, %{y:.1f}<br>%{customdata} ${plain(panel.unit)}<extra>${panel.name}</extra>`,
  };
}

/** Pixel positions about the centre; with east to the left the first column lies at the largest offset east. */
function centred(count: number, unit: number, inArcsec: boolean, eastward: boolean): number[] {
  return Array.from({ length: count }, (_, i) => {
    if (!inArcsec) return i * unit;
    const offset = (i - (count - 1) / 2) * unit;
    return Number((eastward ? -offset : offset).toFixed(4)) + 0;
  });
}

/** Rows of numbers short enough to send to a browser; null where there is no number, which is drawn blank. */
function rows(values: ArrayLike<number>, width: number, round: (value: number) => number): (number | null)[][] {
  const lines: (number | null)[][] = [];
  for (let start = 0; start < values.length; start += width) {
    lines.push(
      Array.from({ length: width }, (_, i) => {
        const value = values[start + i]!;
        return Number.isFinite(value) ? round(value) : null;
      }),
    );
  }
  return lines;
}

/** Four significant digits. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}
