import type { Alert } from "../alert/alert";
import * as plot from "../plot";

/** Alerts kept for the table and for their light curves: some 15 MB of Rubin's. */
const kept = 50;
/** Seconds of the rate plot, in windows of one. */
const watched = 120;
/** Over which the rate in figures is taken, seconds. */
const rateSeconds = 10;

/** What the page shows of one alert; all of it text. */
export interface WebRow {
  n: number;
  cells: string[];
}

export const webColumns = ["survey", "object", "band", "magnitude", "real/bogus", "MJD (UTC)", "ra °", "dec °", "at"];

/** What a live page is told: counts, the latest alerts, the plot of the rate. */
export class WebState {
  read = 0;
  readonly #alerts: { n: number; alert: Alert }[] = [];
  readonly #arrivals: plot.Arrivals<Alert> = plot.arrivals({ maxWindows: watched, title: "Alerts as they arrive" });

  /** @param failed how many messages could not be decoded so far */
  constructor(private readonly failed: () => number) {}

  add(alert: Alert): void {
    this.read++;
    this.#arrivals.add(alert);
    this.#alerts.unshift({ n: this.read, alert });
    if (this.#alerts.length > kept) this.#alerts.pop();
  }

  snapshot(now = Date.now()): { read: number; failed: number; perSecond: number; rows: WebRow[]; rate: plot.Figure } {
    // whole windows only: the one that is being filled would pull the rate down
    const end = Math.floor(now / 1000) * 1000;
    const late = this.#arrivals.rows().filter(({ timeMs }) => timeMs >= end - rateSeconds * 1000 && timeMs < end);
    const perSecond = late.reduce((sum, { count }) => sum + count, 0) / rateSeconds;
    const rows = this.#alerts.map(({ n, alert }) => ({ n, cells: cellsOf(alert) }));
    return { read: this.read, failed: this.failed(), perSecond, rows, rate: this.#arrivals.figure() };
  }

  /** The light curve of the nth alert; undefined when it is no longer kept. */
  curve(n: number): plot.Figure | undefined {
    const found = this.#alerts.find((each) => each.n === n);
    return found && plot.lightCurve(found.alert);
  }
}

function cellsOf(alert: Alert): string[] {
  const { survey, objectId, band, mag, magErr, realBogus, mjdUtc, ra, dec, origin } = alert;
  const place = origin.kind === "kafka" ? `[${origin.partition}]@${origin.offset}` : "";
  const brightness = Number.isNaN(mag) ? "–" : `${mag.toFixed(2)} ± ${digits(magErr, 2)}`;
  // a hostile name is still a long one
  const name = String(objectId).slice(0, 40);
  return [
    survey,
    name,
    band,
    brightness,
    digits(realBogus, 2),
    digits(mjdUtc, 5),
    digits(ra, 5),
    digits(dec, 5),
    place,
  ];
}

const digits = (value: number, places: number): string => (Number.isNaN(value) ? "–" : value.toFixed(places));
