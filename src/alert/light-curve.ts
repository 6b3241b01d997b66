import { usageError } from "../errors";
import { expectArgument } from "../expect";
import { pointOf } from "./common-view";
import { checkSameId, checkSamePlace, sharedDesignation } from "./one-object";
import type { AlertView, Detection, ForcedPoint, UpperLimit } from "./types";

/** The light curve of one object as plain rows, each list sorted by time. Brightness is of the *difference*. */
export interface LightCurve {
  readonly objectId: bigint | string | null;
  /** Bands that occur, from blue to red. */
  readonly bands: readonly string[];
  readonly detections: readonly Detection[];
  /** Visits that saw nothing; none where the same visit has a detection. */
  readonly upperLimits: readonly UpperLimit[];
  /** Forced photometry that has a flux; rows given as magnitudes have one only where their schema says they are AB. */
  readonly forced: readonly ForcedPoint[];
}

const BLUE_TO_RED = ["u", "g", "r", "i", "z", "y"];

/** 1e-5 d = 0.9 s: shorter than any exposure, longer than rounding between JD and MJD. */
const TIME_STEPS_PER_DAY = 1e5;

/** Ten times what rounding does to a repeated magnitude; overlapping detector quadrants differ by more in one visit. */
const SAME_MAG = 0.001;

/**
 * The light curve an alert brings along: its own detection, its history, upper limits and forced photometry.
 *
 * Given several alerts of one object, their light curves are joined. What several packets tell is kept once: detections with
 * the values of their own alert where it is there, the deepest upper limit per visit and band, forced photometry of the
 * newest packet. Points without a time are left out, and detections with neither magnitude nor flux: a survey that gives
 * magnitudes in a system of its own has detections whose flux is NaN. Nothing is corrected for the flux in the reference:
 * see `astro.apparentLightCurve`.
 *
 * Alerts of one `designation` are of a moving object: their own detections alone are joined, since history, limits and forced
 * photometry belong to the place, and not to what passed through it.
 *
 * @param alerts one alert or several of the same object
 * @throws USAGE for no alert, for alerts of different objects, or for points farther apart than an object can be
 * @example
 * const { detections, upperLimits } = astro.lightCurve(alert);
 */
export function lightCurve(alerts: AlertView | Iterable<AlertView>): LightCurve {
  const list = isMany(alerts) ? [...alerts] : [alerts];
  expectArgument("alerts", list, "an alert or a list of alerts");
  const first = list[0];
  if (first === undefined) throw usageError("at least one alert", "none");
  const moving = sharedDesignation(list);
  const isFixed = moving === undefined;
  if (isFixed) checkSameId(list);
  const points = [...list.map(pointOf), ...list.flatMap((alert) => (isFixed ? alert.history : []))];
  if (isFixed) checkSamePlace(first.objectId, points);

  // An alert's own values come first: history repeats them rounded (ZTF: to 4 decimals of a magnitude). Not by alert id:
  // some streams repeat it, and history names the source instead.
  const detections = sortedOnce(
    points.filter(isMeasured),
    visitKey,
    (a, b) => a.isPositive === b.isPositive && isSameBrightness(a, b),
  );
  const seen = new Set(detections.map(visitKey));
  const upperLimits = sortedOnce(
    list
      .flatMap((alert) => (isFixed ? alert.upperLimits : []))
      .filter((limit) => !Number.isNaN(limit.mag) && !seen.has(visitKey(limit)))
      .sort((a, b) => b.mag - a.mag),
    visitKey,
  );
  const newestFirst = [...list].sort((a, b) => b.mjdUtc - a.mjdUtc);
  const forced = sortedOnce(
    newestFirst.flatMap((alert) => (isFixed ? alert.forced : [])).filter((point) => !Number.isNaN(point.fluxNJy)),
    visitKey,
  );
  const found = new Set([...detections, ...upperLimits, ...forced].map((point) => point.band));
  const rank = (band: string) => (BLUE_TO_RED.indexOf(band) + BLUE_TO_RED.length + 1) % (BLUE_TO_RED.length + 1);
  return {
    objectId: moving ?? first.objectId,
    bands: [...found].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
    detections,
    upperLimits,
    forced,
  };
}

function isMany(alerts: AlertView | Iterable<AlertView>): alerts is Iterable<AlertView> {
  return typeof (alerts as Partial<Iterable<AlertView>>)?.[Symbol.iterator] === "function";
}

const isMeasured = ({ mag, fluxNJy }: Detection): boolean => !Number.isNaN(mag) || !Number.isNaN(fluxNJy);

/** A flux of 0 has no magnitude. */
function isSameBrightness(a: Detection, b: Detection): boolean {
  return Number.isNaN(a.mag) ? a.fluxNJy === b.fluxNJy : Math.abs(a.mag - b.mag) < SAME_MAG;
}

function visitKey(point: { mjdUtc: number; band: string }): string {
  return `${Math.round(point.mjdUtc * TIME_STEPS_PER_DAY)}|${point.band}`;
}

/** Sorted by time, without the points that are the same as an earlier one of the same key. */
function sortedOnce<T extends { mjdUtc: number }>(
  points: readonly T[],
  key: (point: T) => string,
  isSame: (a: T, b: T) => boolean = () => true,
): T[] {
  const kept = new Map<string, T[]>();
  for (const point of points) {
    if (Number.isNaN(point.mjdUtc)) continue;
    const id = key(point);
    const there = kept.get(id) ?? [];
    kept.set(id, there);
    if (!there.some((other) => isSame(point, other))) there.push(point);
  }
  return [...kept.values()].flat().sort((a, b) => a.mjdUtc - b.mjdUtc);
}
