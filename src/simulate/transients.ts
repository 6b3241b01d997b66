import { clamp, exp, ln, pow10 } from "./numeric";
import type { Random } from "./random";

/** Something that was not there before: `relativeFlux` is its flux divided by the flux at its brightest in r. */
export interface Outburst {
  readonly type: string;
  /** When light first arrived, MJD. */
  readonly startMjd: number;
  /** When it was, or will be, brightest in r, MJD. */
  readonly peakMjd: number;
  /** Absolute AB magnitude at peak in r; NaN where the distance plays no part. */
  readonly absoluteMag: number;
  relativeFlux(mjd: number, band: string): number;
}

const bandOf = <T>(values: Record<string, T>, band: string): T => values[band] ?? values.r!;

/**
 * Rise and fall of Bazin et al. (2009): exponential decline behind a logistic rise; 1 at its maximum.
 * `days` counts from the maximum.
 */
export function bazin(days: number, rise: number, fall: number): number {
  const shift = rise * ln(fall / rise - 1); // where the derivative is zero
  const at = (t: number) => exp(-t / fall) / (1 + exp(-t / rise));
  return at(days + shift) / at(shift);
}

/** Type Ia: 17 days up, faster and bluer in g, second shoulder in i; M_r = −19.3 ± 0.15. */
export function supernovaIa(random: Random, nightMjd: number, redshift = 0): Outburst {
  const stretch = clamp(random.normal(1, 0.08), 0.8, 1.2) * (1 + redshift);
  const peakMjd = nightMjd - random.uniform(-9, 38);
  const rise = 3.6 * stretch;
  const fall: Record<string, number> = { g: 17, r: 24, i: 30 };
  const brightness: Record<string, number> = { g: 1.05, r: 1, i: 0.72 };
  const startMjd = peakMjd - 17 * stretch;
  return {
    type: "SN Ia",
    startMjd,
    peakMjd,
    absoluteMag: -19.3 + random.normal(0, 0.15),
    relativeFlux(mjd, band) {
      const days = mjd - peakMjd + (band === "g" ? 1.5 : 0);
      const shoulder = band === "g" ? 0 : (band === "i" ? 0.35 : 0.12) * bell((days / stretch - 26) / 7);
      return (
        onset(mjd - startMjd, 3) *
        bandOf(brightness, band) *
        (bazin(days, rise, bandOf(fall, band) * stretch) + shoulder)
      );
    },
  };
}

/** Type II: up in a week, a plateau of 80–110 days that reddens, then a drop; M_r = −16.9 ± 0.6. */
export function supernovaII(random: Random, nightMjd: number, redshift = 0): Outburst {
  const startMjd = nightMjd - random.uniform(2, 100);
  const plateau = random.uniform(80, 110) * (1 + redshift);
  const slope: Record<string, number> = { g: 0.022, r: 0.005, i: 0.002 }; // mag per day
  const brightness: Record<string, number> = { g: 1.05, r: 1, i: 0.95 };
  return {
    type: "SN II",
    startMjd,
    peakMjd: startMjd + 8,
    absoluteMag: -16.9 + random.normal(0, 0.6),
    relativeFlux(mjd, band) {
      const days = mjd - startMjd;
      const fading = pow10(-0.4 * bandOf(slope, band) * Math.max(0, days - 8));
      const drop = pow10((-0.4 * 1.8) / (1 + exp(-(days - plateau) / 4)));
      return onset(days, 3) * bandOf(brightness, band) * fading * drop;
    },
  };
}

/** Kilonova like AT2017gfo (Villar et al. 2017): up in half a day, then 1.5 mag a day down in g, 0.9 in r, 0.6 in i. */
export function kilonova(random: Random, nightMjd: number): Outburst {
  const startMjd = nightMjd - random.uniform(0.9, 1.3);
  const slope: Record<string, number> = { g: 1.5, r: 0.9, i: 0.6 };
  const brightness: Record<string, number> = { g: 1.15, r: 1, i: 0.9 };
  return {
    type: "KN",
    startMjd,
    peakMjd: startMjd + 0.6,
    absoluteMag: -15.9,
    relativeFlux(mjd, band) {
      const days = mjd - startMjd;
      return onset(days, 0.25) * bandOf(brightness, band) * pow10(-0.4 * bandOf(slope, band) * Math.max(0, days - 0.6));
    },
  };
}

/** Outburst of a dwarf nova: up within a day, 4–10 days flat, then a magnitude a day; again after 25–90 days. */
export function dwarfNova(random: Random, nightMjd: number): Outburst {
  const plateau = random.uniform(4, 10);
  const cycle = random.uniform(25, 90);
  const startMjd = nightMjd - random.uniform(0.6, plateau + 2);
  const once = (days: number) => {
    if (days < 0) return 0;
    return onset(days, 0.3) * pow10(-0.4 * (0.08 * Math.min(days, plateau) + Math.max(0, days - plateau)));
  };
  const brightness: Record<string, number> = { g: 1.05, r: 1, i: 0.93 };
  return {
    type: "UG",
    startMjd,
    peakMjd: startMjd + 1,
    absoluteMag: Number.NaN,
    relativeFlux: (mjd, band) =>
      bandOf(brightness, band) *
      (once(mjd - startMjd) + once(mjd - startMjd + cycle) + once(mjd - startMjd + 2 * cycle)),
  };
}

/** Flare of an M dwarf: up in minutes, gone after hours; three times as strong in g as in r. `startMjd` is given. */
export function flare(random: Random, startMjd: number): Outburst {
  const decayDays = random.uniform(25, 70) / 1440;
  const brightness: Record<string, number> = { g: 3, r: 1, i: 0.4 };
  return {
    type: "UV",
    startMjd,
    peakMjd: startMjd + 0.003,
    absoluteMag: Number.NaN,
    relativeFlux(mjd, band) {
      const days = mjd - startMjd;
      return days < 0 ? 0 : bandOf(brightness, band) * exp(-days / decayDays) * Math.min(1, days / 0.002);
    },
  };
}

/** 0 before the start, then 1 − e^(−(t/scale)²): quadratic at first, as an expanding fireball. */
function onset(days: number, scale: number): number {
  if (days <= 0) return 0;
  const x = days / scale;
  return 1 - exp(-x * x);
}

const bell = (x: number): number => exp(-x * x);
