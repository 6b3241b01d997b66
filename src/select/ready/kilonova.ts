import type { AlertView } from "../../alert/types";
import { expectArgument } from "../../expect";
import { all } from "../combine";
import { cut } from "../cut";
import type { Cut } from "../types";
import { ageDays, distance, ztf } from "./read";

/** Detections nearer in time than this, days (a quarter of an hour), are one measurement made twice: their noise is no rate. */
const leastDays = 0.01;

/**
 * Change of the difference magnitude per day since the latest detection in the same band that lies 0.01 d or more back, whatever
 * its direction.
 *
 * 0 where the change does not exceed its 1 sigma error. Infinite where the difference changed its sign, from fainter than the
 * reference to brighter or back: between the two it was nothing, which has no magnitude. NaN without an earlier detection.
 *
 * @example
 * magnitudeRate(alert) > 0.3 // mag/d, the threshold of Fink's kilonova filter
 */
export function magnitudeRate(alert: AlertView): number {
  expectArgument("alert", alert, "an alert");
  const last = alert.history.findLast(
    (d) => d.band === alert.band && !Number.isNaN(d.mag) && alert.mjdUtc - d.mjdUtc >= leastDays,
  );
  if (last === undefined || Number.isNaN(alert.mag)) return Number.NaN;
  if (last.isPositive !== alert.isPositive) return Number.POSITIVE_INFINITY;
  const change = Math.abs(alert.mag - last.mag);
  const error = Math.hypot(alert.magErr || 0, last.magErr || 0); // an error that is not given cannot be minded
  return change > error ? change / (alert.mjdUtc - last.mjdUtc) : 0;
}

/**
 * Fast change, after Fink's rate-based kilonova filter: drb > 0.9, more than 0.3 mag/d, no Solar-System object within 10″.
 *
 * Source: fink-filters, rate-based kilonova candidates. The rate is taken between this detection and the one before it in
 * the band, fading and rising alike, as its 0.3 mag/d has no sign.
 */
export const finkKilonovaRate = all(
  "fink-kilonova-rate",
  cut("real, deep network", ztf("drb"), { above: 0.9 }),
  cut("changes fast", magnitudeRate, { above: 0.3, threshold: "> 0.3 mag/d" }),
  cut("no Solar-System object", (a: AlertView) => distance(ztf("ssdistnr")(a)) ?? Number.POSITIVE_INFINITY, {
    above: 10,
    threshold: "none within 10″",
  }),
);

/** What the early kilonova filter has to know of an alert's surroundings. */
export interface KilonovaHost {
  /** Projected distance from the host galaxy, kpc. */
  readonly separationKpc: number;
  /** Luminosity distance of the host, Mpc. */
  readonly distanceMpc: number;
  /** Galactic latitude of the alert, degrees. */
  readonly latitudeDeg: number;
}

/**
 * Early kilonova after Fink: first seen less than 0.25 d ago, at most 10 kpc from a galaxy, absolute magnitude between −17 and
 * −15 at its distance, more than 10° from the galactic plane.
 *
 * Fink takes the galaxies from the Mangrove catalogue, which no packet carries; here the caller looks the host up, with
 * `match.crossmatch` for example. Without a host the cut finds the values missing.
 *
 * Source: fink-filters, early kilonova candidates.
 *
 * @param host the host of an alert, or null
 * @example
 * const early = cut.finkKilonovaEarly((a) => hosts.get(a.objectId) ?? null);
 */
export function finkKilonovaEarly<A extends AlertView>(host: (alert: A) => KilonovaHost | null): Cut<A> {
  return all(
    "fink-kilonova-early",
    cut("just begun", (a: A) => ageDays(a), { below: 0.25, threshold: "< 0.25 d since jdstarthist" }),
    cut("near a galaxy", (a: A) => host(a)?.separationKpc, { max: 10, threshold: "≤ 10 kpc" }),
    cut("as bright as a kilonova", (a: A) => a.mag - 5 * Math.log10((host(a)?.distanceMpc ?? Number.NaN) * 1e5), {
      above: -17,
      below: -15,
    }),
    cut("off the galactic plane", (a: A) => Math.abs(host(a)?.latitudeDeg ?? Number.NaN), { above: 10 }),
  );
}
