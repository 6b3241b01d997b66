import type { AlertView, StampKind } from "../alert/types";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { counted, type Figure, GREY, makeFigure, plain, type Trace } from "./figure";
import { orientStamp } from "./orient-stamp";
import type { StampsSource } from "./stamps";
import { type StretchOptions, stretch } from "./stretch";

/** Options of {@link plotStampWall}. */
export interface StampWallOptions<A> extends StretchOptions {
  /** Cutouts of each alert, from left to right; default science, template, difference. */
  kinds?: readonly StampKind[];
  /** Alerts beside one another; default as many as make 9 cutouts. */
  columns?: number;
  /** What is written above the cutouts of an alert; default object, band and magnitude. */
  label?: (alert: A) => string;
  /** Alerts drawn at most, up to 200; default 60. */
  limit?: number;
  title?: string;
  caption?: string;
}

/** What a wall needs of an alert. */
export type WallSource = StampsSource & Partial<Pick<AlertView, "band" | "mag">>;

const mostAlerts = 200;
/** Pixels of a cutout's row with its words. */
const rowPixels = 130;
const gap = 0.02;
const between = 0.004;

/**
 * The cutouts of many alerts on one page, to look through them: each stretched by itself, north up where it is known, without axes.
 * A cutout that was not sent or cannot be read leaves its place empty.
 *
 * @param alerts drawn row by row; the title says how many are left out
 * @throws USAGE for kinds, columns or a limit that are none
 * @example
 * show(plot.stampWall(bright, { kinds: ["science", "difference"], label: (alert) => `${alert.objectId}` }));
 */
export function plotStampWall<A extends WallSource>(alerts: readonly A[], options: StampWallOptions<A> = {}): Figure {
  expectArgument("objects", alerts, "a list of alerts with stamps");
  const { limit = 60, label = labelOf } = options;
  const kinds: readonly StampKind[] = options.kinds ?? ["science", "template", "difference"];
  const isKind = (kind: unknown) => ["science", "template", "difference"].includes(String(kind));
  if (!Array.isArray(kinds) || kinds.length === 0 || !kinds.every(isKind))
    throw usageError('kinds of "science", "template" and "difference"', JSON.stringify(kinds));
  if (!(limit >= 1 && limit <= mostAlerts)) throw usageError(`a limit from 1 to ${mostAlerts}`, limit);
  const shown = alerts.slice(0, limit);
  const { columns = Math.max(1, Math.min(Math.round(9 / kinds.length), shown.length)) } = options;
  if (!Number.isSafeInteger(columns) || columns < 1) throw usageError("columns of 1 or more", columns);
  const rows = Math.max(1, Math.ceil(shown.length / columns));
  const block = (1 - gap * (columns - 1)) / columns;
  const side = (block - between * (kinds.length - 1)) / kinds.length;
  const tall = 1 / rows;
  const traces: Trace[] = [];
  const axes: Record<string, object> = {};
  const annotations: object[] = [];
  let words = "";
  let empty = 0;
  const bare = { visible: false, constrain: "domain" };
  shown.forEach((alert, i) => {
    const left = (i % columns) * (block + gap);
    const top = 1 - Math.floor(i / columns) * tall;
    const place = { xref: "paper", yref: "paper", showarrow: false };
    const text = plain(label(alert));
    annotations.push({ ...place, x: left, y: top, xanchor: "left", yanchor: "top", text, font: { size: 11 } });
    kinds.forEach((kind, k) => {
      const { stamp, isUp, reason } = orientStamp(() => alert.stamps[kind as StampKind], alert.survey, true);
      const n = String(i * kinds.length + k + 1).replace(/^1$/, "");
      const from = left + k * (side + between);
      axes[`xaxis${n}`] = {
        ...bare,
        domain: [from, from + side],
        anchor: `y${n}`,
        ...(isUp ? { autorange: "reversed" } : {}),
      };
      axes[`yaxis${n}`] = {
        ...bare,
        domain: [top - tall * 0.98, top - tall * 0.16],
        anchor: `x${n}`,
        scaleanchor: `x${n}`,
      };
      if (!stamp) {
        empty++;
        const middle = { x: from + side / 2, y: top - tall * 0.57, font: { size: 10, color: GREY } };
        annotations.push({ ...place, ...middle, text: plain(reason) });
        traces.push({ type: "scatter", x: [], y: [], xaxis: `x${n}`, yaxis: `y${n}`, showlegend: false });
        return;
      }
      const { values, name } = stretch(stamp.pixels, options);
      words = name;
      const order = isUp ? -1 : 1; // the first column lies at the largest offset east
      traces.push({
        type: "heatmap",
        name: `${text} ${kind}`,
        x: Array.from({ length: stamp.width }, (_, column) => order * (column - (stamp.width - 1) / 2)),
        z: rowsOf(values, stamp.width),
        ...{ zmin: 0, zmax: 1, colorscale: "Greys", showscale: false, hoverinfo: "name" },
        xaxis: `x${n}`,
        yaxis: `y${n}`,
      });
    });
  });
  const remarks = [
    counted(shown.length, "alert"),
    alerts.length > shown.length && `of ${alerts.length}`,
    `each ${kinds.join(", ")}`,
    words && `${words} stretch`,
    empty > 0 && `${counted(empty, "cutout")} not there`,
  ];
  return makeFigure(traces, {
    title: plain(options.title ?? "Stamps"),
    subtitle: remarks.filter(Boolean).join(" · "),
    caption: options.caption,
    height: 120 + rows * rowPixels,
    more: {
      xaxis: undefined,
      yaxis: undefined,
      ...axes,
      annotations,
      showlegend: false,
      margin: { l: 20, r: 20, t: 80, b: 20 },
    },
  });
}

function labelOf({ objectId, alertId, band = "", mag }: WallSource): string {
  const brightness = typeof mag === "number" && Number.isFinite(mag) ? mag.toFixed(2) : "";
  return [objectId ?? alertId ?? "", band, brightness].filter((part) => part !== "").join(" ");
}

/** Rows of grey levels short enough to send to a browser; null where blank. */
function rowsOf(values: ArrayLike<number>, width: number): (number | null)[][] {
  return Array.from({ length: Math.ceil(values.length / width) }, (_, row) =>
    Array.from({ length: width }, (__, column) => {
      const value = values[row * width + column]!;
      return Number.isFinite(value) ? Math.round(value * 255) / 255 : null;
    }),
  );
}
