import { axisTitle } from "../alert/common-view";
/** How times become positions on the axis. */
export interface TimeAxis {
  readonly title: string;
  /** Period and epoch in words, "" when not folded. */
  readonly remark: string;
  /** Positions of one time: one, or two where two cycles are drawn. */
  readonly place: (mjdUtc: number) => readonly number[];
}

/**
 * @param zeroMjd MJD (UTC) that becomes 0 days, or phase 0
 * @param isAlert whether zero is the time of an alert, for the words of the title
 */
export function timeAxis(
  zeroMjd: number,
  time: "days" | "mjd",
  periodDays: number | undefined,
  isAlert: boolean,
): TimeAxis {
  const epoch = Number.isFinite(zeroMjd) ? zeroMjd : 0;
  const name = `MJD ${epoch.toFixed(4)} UTC`;
  if (periodDays !== undefined) {
    const place = (mjd: number) => {
      const cycles = (mjd - epoch) / periodDays;
      const phase = cycles - Math.floor(cycles);
      return [phase, phase + 1];
    };
    return { title: "phase (two cycles)", remark: `period ${periodDays} d, phase 0 at ${name}`, place };
  }
  if (time === "mjd") return { title: axisTitle("mjdUtc"), remark: "", place: (mjd) => [mjd] };
  if (!Number.isFinite(zeroMjd)) return { title: "days", remark: "", place: (mjd) => [mjd] };
  const title = `days relative to ${isAlert ? "the alert, " : ""}${name}`;
  return { title, remark: "", place: (mjd) => [mjd - epoch] };
}

/** Points with their positions, in order of position. */
export function fold<T extends { readonly mjdUtc: number }>(
  points: readonly T[],
  axis: TimeAxis,
): { x: number; point: T }[] {
  return points.flatMap((point) => axis.place(point.mjdUtc).map((x) => ({ x, point }))).sort((a, b) => a.x - b.x);
}
