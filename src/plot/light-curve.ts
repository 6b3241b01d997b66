import { axisTitle, commonFields, pointOf } from "../alert/common-view";
import type { AlertView, Detection, ForcedPoint, UpperLimit } from "../alert/types";
import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { bandStyle, sortBands } from "./bands";
import { counted, type Figure, GREY, makeFigure, note, plain, type Trace } from "./figure";
import { fold, type TimeAxis, timeAxis } from "./time-axis";

/** A point that can be drawn: a detection, or something that has at least its time, band and magnitude. */
export type DrawablePoint = Pick<Detection, "mjdUtc" | "band" | "mag" | "magErr"> &
  Partial<Detection> & {
    /** Who measured it. Of several surveys the first is drawn as usual, the others larger and, in flux, with open symbols. */
    readonly survey?: string;
  };

/** The points of a light curve, where they do not come from one alert: what `lightCurve` returns, or points of one's own. */
export interface LightCurvePoints {
  readonly objectId?: bigint | string | null;
  readonly detections: readonly DrawablePoint[];
  readonly upperLimits?: readonly UpperLimit[];
  readonly forced?: readonly ForcedPoint[];
}

/** Options of {@link plotLightCurve}. */
export interface LightCurveOptions {
  /** Default: survey and object of the alert. */
  title?: string;
  /** What the vertical axis measures; default "difference magnitude (AB)", without "(AB)" where no flux says so, or "difference flux (nJy)". */
  quantity?: string;
  /** "mag": difference AB magnitude, bright upward. "nJy": signed difference flux. Default "nJy", "mag" for ZTF and for an alert without a flux. */
  unit?: "mag" | "nJy";
  /** "days": relative to the alert (or the last point). "mjd": MJD, UTC. Default "days". */
  time?: "days" | "mjd";
  /** Fold on this period, days; two cycles are drawn. */
  periodDays?: number;
  /** MJD (UTC) of phase 0; default the alert's own time. */
  epochMjd?: number;
  /** Draw 5 sigma upper limits (magnitudes only). Default true. */
  upperLimits?: boolean;
  /** Draw forced photometry (flux only). Default true. */
  forced?: boolean;
}

/**
 * Light curve of an alert: its history, its own detection, upper limits and forced photometry, one colour and symbol per
 * band. Filled symbols are brighter than the reference image, open ones fainter; upper limits are open triangles
 * pointing down; forced photometry is small and pale.
 *
 * @throws USAGE for a period that is not above 0
 * @example
 * show(plot.lightCurve(alert, { unit: "nJy", time: "mjd" }));
 */
export function plotLightCurve(from: AlertView | LightCurvePoints, options: LightCurveOptions = {}): Figure {
  expectArgument("object", from, "an alert or a light curve", "astro.lightCurve(alerts) makes one of several alerts");
  const alert = "survey" in from ? from : null;
  expectArgument(
    "objects",
    alert ? alert.history : (from as LightCurvePoints).detections,
    "an alert, or a light curve with its detections",
  );
  const points: LightCurvePoints = alert ? pointsOf(alert) : (from as LightCurvePoints);
  const { unit = alert ? unitOf(alert) : "mag", periodDays } = options;
  if (unit !== "mag" && unit !== "nJy") throw usageError('unit "mag" or "nJy"', unit);
  if (periodDays !== undefined && !(periodDays > 0 && Number.isFinite(periodDays))) {
    throw usageError("periodDays above 0", periodDays);
  }
  const times = points.detections.map((point) => point.mjdUtc).filter(Number.isFinite);
  const zero = options.epochMjd ?? alert?.mjdUtc ?? times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const scale = timeAxis(zero, options.time ?? "days", periodDays, alert !== null);

  const data: Trace[] = [];
  const limits =
    unit === "mag" && options.upperLimits !== false
      ? (points.upperLimits ?? []).filter(({ mag }) => Number.isFinite(mag))
      : [];
  const forced =
    unit === "nJy" && options.forced !== false
      ? (points.forced ?? []).filter(({ fluxNJy }) => Number.isFinite(fluxNJy))
      : [];
  const known = points.detections.filter((point) => Number.isFinite(measured(point, unit)));
  const surveys = [...new Set(known.map((point) => point.survey))];
  for (const band of sortBands([...known, ...limits, ...forced].map((point) => point.band))) {
    const of = <T extends { band: string }>(list: readonly T[]) => list.filter((point) => point.band === band);
    data.push(...limitTraces(band, of(limits), scale));
    data.push(...forcedTraces(band, of(forced), scale));
    for (const [n, survey] of surveys.entries()) {
      const ofSurvey = of(known).filter((point) => point.survey === survey);
      const who = surveys.length > 1 && survey !== undefined ? `, ${plain(survey)}` : "";
      data.push(...detectionTraces(band, ofSurvey, unit, scale, { who, isFirst: n === 0 }));
    }
  }
  if (alert) data.push(...ownTrace(alert, unit, scale));
  const quantity = options.quantity ?? quantityOf(known, unit);
  return makeFigure(data, {
    title: plain(options.title ?? titleOf(from)),
    subtitle: subtitleOf(points, known, limits, forced, unit, scale, options),
    xTitle: scale.title,
    // Plotly groups five digits of its own accord: 60,229.
    xaxis: { tickformat: "~f" },
    yTitle: plain(quantity),
    yaxis: unit === "mag" ? { autorange: "reversed" } : { zeroline: true, zerolinecolor: GREY },
    more: data.length === 0 ? { annotations: [note(`no point with a ${unit === "mag" ? "magnitude" : "flux"}`)] } : {},
  });
}

/** A magnitude without a flux beside it is of a system that is not known, or not AB: 2MASS in WINTER's and PGIR's packets. */
function quantityOf(points: readonly DrawablePoint[], unit: "mag" | "nJy"): string {
  if (unit === "nJy") return axisTitle("fluxNJy");
  const isAb = points.length === 0 || points.some(({ fluxNJy }) => fluxNJy === undefined || Number.isFinite(fluxNJy));
  return isAb ? axisTitle("mag") : commonFields.mag.title;
}

/** History and own detection; the alert's own point is the last. */
function pointsOf(alert: AlertView): LightCurvePoints {
  return { detections: [...alert.history, pointOf(alert)], upperLimits: alert.upperLimits, forced: alert.forced };
}

function unitOf(alert: AlertView): "mag" | "nJy" {
  return alert.survey !== "ztf" && !Number.isNaN(alert.fluxNJy) ? "nJy" : "mag";
}

function measured(point: DrawablePoint, unit: "mag" | "nJy"): number {
  return (unit === "mag" ? point.mag : point.fluxNJy) ?? Number.NaN;
}

function titleOf(from: AlertView | LightCurvePoints): string {
  if (!("survey" in from)) return from.objectId ? `Light curve of ${from.objectId}` : "Light curve";
  const name = from.objectId ?? from.alertId ?? "object without a name";
  return from.survey === "unknown" ? String(name) : `${from.survey.toUpperCase()} ${name}`;
}

/** What only the other unit can show is named, unless it is not wanted. */
function others(wanted: boolean | undefined, count: number, noun: string): string {
  const needs = noun === "upper limit" ? "magnitudes" : "fluxes";
  return wanted !== false && count > 0 ? `${counted(count, noun)} (${needs}) not drawn` : "";
}

function subtitleOf(
  points: LightCurvePoints,
  known: readonly DrawablePoint[],
  limits: readonly UpperLimit[],
  forced: readonly ForcedPoint[],
  unit: "mag" | "nJy",
  scale: TimeAxis,
  options: LightCurveOptions,
): string {
  const lost = points.detections.length - known.length;
  const parts = [
    counted(known.length, "detection"),
    limits.length > 0 && counted(limits.length, "upper limit"),
    forced.length > 0 && counted(forced.length, "forced measurement"),
    lost > 0 && `${counted(lost, "point")} without a ${unit === "mag" ? "magnitude" : "flux"} not drawn`,
    unit === "mag" && others(options.forced, points.forced?.length ?? 0, "forced measurement"),
    unit === "nJy" && others(options.upperLimits, points.upperLimits?.length ?? 0, "upper limit"),
    scale.remark,
  ];
  return parts.filter(Boolean).join(" · ");
}

function detectionTraces(
  band: string,
  points: readonly DrawablePoint[],
  unit: "mag" | "nJy",
  scale: TimeAxis,
  { who, isFirst }: { who: string; isFirst: boolean },
): Trace[] {
  const style = bandStyle(band);
  const name = `${plain(style.name)}${who}`;
  // In flux the sign says it; a magnitude has none, so the symbol has to.
  const groups =
    unit === "nJy"
      ? [[true, points] as const]
      : ([true, false] as const).map(
          (positive) => [positive, points.filter((point) => (point.isPositive !== false) === positive)] as const,
        );
  const isFilled = (positive: boolean) => positive && (isFirst || unit === "mag");
  return groups
    .filter(([, group]) => group.length > 0)
    .map(([positive, group]) => {
      const rows = fold(group, scale);
      const errors = rows.map(({ point }) => (unit === "mag" ? point.magErr : point.fluxErrNJy));
      return {
        type: "scatter",
        mode: "markers",
        name: positive ? name : `${name}, fainter than reference`,
        legendgroup: plain(band),
        x: rows.map((row) => row.x),
        y: rows.map(({ point }) => measured(point, unit)),
        error_y: {
          type: "data",
          array: errors.map((error) => (Number.isFinite(error) ? error! : 0)),
          color: style.color,
          thickness: 1,
          width: 0,
        },
        marker: {
          color: style.color,
          symbol: isFilled(positive) ? style.symbol : `${style.symbol}-open`,
          size: isFirst ? 9 : 12,
          line: { color: isFilled(positive) ? "#333" : style.color, width: isFilled(positive) ? 0.5 : 1.5 },
        },
        hovertemplate: `%{x:.4f}<br>%{y:.3f} ${unit}<extra>${name}</extra>`,
      };
    });
}

function limitTraces(band: string, points: readonly UpperLimit[], scale: TimeAxis): Trace[] {
  if (points.length === 0) return [];
  const style = bandStyle(band);
  const rows = fold(points, scale);
  return [
    {
      type: "scatter",
      mode: "markers",
      name: `${plain(style.name)}, 5σ upper limit`,
      legendgroup: plain(band),
      x: rows.map((row) => row.x),
      y: rows.map(({ point }) => point.mag),
      marker: { color: style.color, symbol: "triangle-down-open", size: 8, line: { width: 1.2 } },
      opacity: 0.6,
      hovertemplate: `%{x:.4f}<br>fainter than %{y:.2f} mag<extra>${plain(style.name)}</extra>`,
    },
  ];
}

function forcedTraces(band: string, points: readonly ForcedPoint[], scale: TimeAxis): Trace[] {
  if (points.length === 0) return [];
  const style = bandStyle(band);
  const rows = fold(points, scale);
  const array = rows.map(({ point }) => (Number.isFinite(point.fluxErrNJy) ? point.fluxErrNJy : 0));
  return [
    {
      type: "scatter",
      mode: "markers",
      name: `${plain(style.name)}, forced`,
      legendgroup: plain(band),
      x: rows.map((row) => row.x),
      y: rows.map(({ point }) => point.fluxNJy),
      error_y: { type: "data", array, color: style.color, thickness: 0.7, width: 0 },
      marker: { color: style.color, symbol: `${style.symbol}-open`, size: 6 },
      opacity: 0.5,
      hovertemplate: `%{x:.4f}<br>%{y:.1f} nJy forced<extra>${plain(style.name)}</extra>`,
    },
  ];
}

/** A ring around the point this alert was sent for. */
function ownTrace(alert: AlertView, unit: "mag" | "nJy", scale: TimeAxis): Trace[] {
  const y = unit === "mag" ? alert.mag : alert.fluxNJy;
  if (!Number.isFinite(y)) return [];
  const marker = { color: "#222", symbol: "circle-open", size: 17, line: { width: 1.5 } };
  const x = fold([alert], scale).map((row) => row.x);
  return [{ type: "scatter", mode: "markers", name: "this alert", x, y: x.map(() => y), marker, hoverinfo: "skip" }];
}
