import type { Exposure } from "./cadence";
import { channelHeight, channelWidth } from "./camera";
import { sourceClass } from "./classes";
import { bogusAlerts, quantile } from "./distributions";
import { clamp, nJyOf } from "./numeric";
import type { Random } from "./random";
import type { CameraPlace, Counterpart, SkySource } from "./sky-source";
import { type Birth, base } from "./sources";

const unending = { period: Number.NaN, redshift: Number.NaN, type: "" };

/**
 * A star that subtracts badly again and again, a little to one side, now too bright and now too faint. Such places make up
 * most of the artefacts in the stream and gather long histories.
 */
export function recurringDipole(random: Random, birth: Birth): SkySource {
  const often = random.uniform(0.15, 0.6);
  const typical = quantile(bogusAlerts.magpsf, random.uniform());
  return {
    ...base(sourceClass("dipole"), birth),
    ...unending,
    startMjd: Number.NEGATIVE_INFINITY,
    counterpart: badStar(random, typical),
    differenceNJy(mjd, band) {
      const draw = random.fork("dipole", Math.floor(mjd * 1e4), band);
      if (!draw.chance(often)) return 0;
      return (draw.chance(0.6) ? 1 : -1) * nJyOf(typical + draw.normal(0, 0.45));
    },
  };
}

/** An artefact of one exposure alone: it has light at no other time. */
export function singleArtefact(random: Random, className: string, birth: Birth, exposure: Exposure): SkySource {
  const mag = Math.min(quantile(bogusAlerts.magpsf, random.uniform()), exposure.limitMag - random.uniform(0.1, 0.5));
  const sign = className === "cosmicRay" || random.chance(0.6) ? 1 : -1;
  const place = className === "edge" ? atTheEdge(random, birth.place) : birth.place;
  return {
    ...base(sourceClass(className), { ...birth, place }),
    ...unending,
    startMjd: exposure.mjdUtc,
    counterpart: className === "dipole" || (className === "edge" && random.chance(0.4)) ? badStar(random, mag) : null,
    differenceNJy: (mjd) => (Math.abs(mjd - exposure.mjdUtc) < 1e-5 ? sign * nJyOf(mag) : 0),
  };
}

/** A star bright enough that some per cent of its light makes the artefact, less than an arcsecond away. */
function badStar(random: Random, mag: number): Counterpart {
  const r = clamp(mag - random.uniform(0.9, 3.2), 11.8, 19);
  const colour = random.uniform(0.3, 1.3);
  return {
    kind: "star",
    mags: { g: r + colour, r, i: r - 0.4 * colour },
    eastArcsec: random.normal(0, 0.45),
    northArcsec: random.normal(0, 0.45),
  };
}

function atTheEdge(random: Random, { rcid, x, y }: CameraPlace): CameraPlace {
  const near = random.uniform(3, 22);
  const side = random.below(4);
  if (side < 2) return { rcid, x: side === 0 ? near : channelWidth - near, y };
  return { rcid, x, y: side === 2 ? near : channelHeight - near };
}
