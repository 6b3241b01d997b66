import { recurringDipole } from "./artefacts";
import { sourceClass } from "./classes";
import type { LsstExposure } from "./lsst-cadence";
import { birthPlace, detectorPixels, offsetOf } from "./lsst-camera";
import { nJyOf } from "./numeric";
import type { Random } from "./random";
import type { CameraPlace, SkySource } from "./sky-source";
import { type Birth, base, dimmed } from "./sources";

/** A star that subtracts badly in many visits, as deep as Rubin sees. */
export function lsstDipole(random: Random, birth: Birth): SkySource {
  return dimmed(recurringDipole(random, birth), random.uniform(1.5, 5));
}

/** An artefact of one visit alone. */
export function lsstArtefact(random: Random, className: string, birth: Birth, exposure: LsstExposure): SkySource {
  const place = className === "edge" ? edgePlace(random, exposure) : birth.place;
  const fluxNJy = random.logNormal(11, 0.55) * exposure.sigmaNJy * (random.chance(0.62) ? 1 : -1);
  const onStar = className === "dipole";
  const r = 31.4 - 2.5 * 4 + random.uniform(0, 2.5); // some per cent of its light are left over
  return {
    ...base(sourceClass(className), { ...birth, place }),
    type: "",
    period: Number.NaN,
    redshift: Number.NaN,
    startMjd: exposure.mjdUtc,
    counterpart: onStar
      ? {
          kind: "star",
          mags: { g: r + 0.7, r, i: r - 0.3 },
          eastArcsec: random.normal(0, 0.1),
          northArcsec: random.normal(0, 0.1),
        }
      : null,
    differenceNJy: (mjd) =>
      Math.abs(mjd - exposure.mjdUtc) < 1e-5 ? (className === "cosmicRay" ? Math.abs(fluxNJy) : fluxNJy) : 0,
  };
}

/** Within 20 pixels of the edge of a detector, where that visit had it. */
function edgePlace(random: Random, exposure: LsstExposure): CameraPlace {
  const near = random.uniform(3, 20);
  const along = random.uniform(20, detectorPixels - 20);
  const [x, y] = random.chance(0.5) ? [near, along] : [along, detectorPixels - near];
  const { east, north } = offsetOf(exposure.turn, random.below(9) - 4, random.below(9) - 4, x, y);
  return birthPlace(east, north);
}

/** True for the flux of stars beyond which a visit of 30 s is saturated. */
export const saturates = (fluxNJy: number): boolean => fluxNJy > saturationNJy;
const saturationNJy = nJyOf(16.2);
