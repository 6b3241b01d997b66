import { saturates } from "./lsst-artefacts";
import type { LsstExposure } from "./lsst-cadence";
import { lsstPixelArcsec } from "./lsst-camera";
import type { LsstDetection } from "./lsst-detect";
import { blankLsst, type LsstRow } from "./lsst-encode";
import { dipoleOf, momentsOf, type Spot, sigmaOf } from "./lsst-shape";
import { clamp } from "./numeric";
import type { Random } from "./random";
import { ownLightNJy } from "./sky-light";
import type { SkySource } from "./sky-source";

/** Which object a row belongs to: one of the two, or none. */
export interface Link {
  readonly diaObjectId: bigint | null;
  readonly ssObjectId: bigint | null;
}

/** Pixels that a point source is fitted in: 41 × 41. */
const fitted = 1681;
/** A packet is sent about a minute after its visit. */
const processingDays = 70 / 86_400;

const templates: { source?: LsstRow; forced?: LsstRow } = {};

/** The columns of `diaSource`: of the alert itself and of every history that repeats it. */
export function diaSourceRow(
  random: Random,
  seen: LsstDetection,
  spots: readonly Spot[],
  id: bigint,
  link: Link,
): LsstRow {
  templates.source ??= { ...blankLsst("diaSource"), psfNdata: fitted, bboxSize: 28 };
  const { exposure, source, fluxNJy, fluxErrNJy, snr } = seen;
  const { name, isReal } = source.class;
  const row = { ...templates.source };
  const errDeg = seen.errArcsec / 3600;
  const light = ownLightNJy(source, exposure.band);
  const isDipole = name === "dipole" && random.chance(0.6);
  const isRay = name === "cosmicRay";
  row.diaSourceId = id;
  row.visit = exposure.visitNumber;
  row.detector = seen.detector;
  row.diaObjectId = link.diaObjectId;
  row.ssObjectId = link.ssObjectId;
  row.midpointMjdTai = exposure.midpointMjdTai;
  row.ra = seen.ra;
  row.raErr = errDeg;
  row.dec = seen.dec;
  row.decErr = errDeg;
  row.ra_dec_Cov = errDeg * errDeg * random.uniform(-0.3, 0.3);
  row.x = seen.x;
  row.xErr = seen.errArcsec / lsstPixelArcsec;
  row.y = seen.y;
  row.yErr = seen.errArcsec / lsstPixelArcsec;
  row.apFlux = fluxNJy * (isReal ? random.normal(1, 0.03) : random.normal(1, 0.4));
  row.apFluxErr = fluxErrNJy * 2.3;
  row.isNegative = !seen.isPositive;
  row.snr = snr;
  row.psfFlux = fluxNJy;
  row.psfFluxErr = fluxErrNJy;
  // what is no point source does not fit: the more so the brighter it is
  const misfit = isReal ? 1 + 0.0004 * snr : name === "edge" ? random.uniform(1, 8) : 1 + random.uniform(0, 0.08) * snr;
  row.psfChi2 = fitted * misfit * random.normal(1, 0.035);
  row.scienceFlux = light + fluxNJy;
  row.scienceFluxErr = fluxErrNJy;
  if (light > 0) {
    row.templateFlux = light;
    row.templateFluxErr = fluxErrNJy * 0.35;
  }
  const sigma = sigmaOf(exposure.seeingArcsec) * lsstPixelArcsec;
  const width = sigma * sigma;
  row.ixxPSF = width;
  row.iyyPSF = width * 0.98;
  row.ixyPSF = width * 0.01;
  if (random.chance(isReal ? 0.03 : 0.25)) row.shape_flag = true;
  else {
    // measured on the picture, to a part in S/N
    const { xx, yy, xy } = momentsOf(spots);
    const error = Math.min(0.1, 1 / snr);
    row.ixx = xx * random.normal(1, error);
    row.iyy = yy * random.normal(1, error);
    row.ixy = xy + random.normal(0, 0.5 * error) * Math.sqrt(xx * yy);
  }
  row.extendedness = clamp((isReal ? 0.05 : 0.45) + random.normal(0, 0.2), 0, 1);
  row.reliability = seen.reliability;
  row.band = exposure.band;
  row.isDipole = isDipole;
  row.dipoleFitAttempted = name === "dipole";
  if (row.dipoleFitAttempted) dipoleColumns(row, random, spots, fluxNJy, fluxErrNJy);
  row.timeProcessedMjdTai = exposure.midpointMjdTai + processingDays;
  row.glint_trail = false;
  if (name === "edge") {
    row.pixelFlags = row.pixelFlags_edge = row.psfFlux_flag_edge = row.psfFlux_flag = true;
  }
  if (isRay && random.chance(0.6)) row.pixelFlags = row.pixelFlags_cr = row.pixelFlags_crCenter = true;
  if (saturates(light + Math.abs(fluxNJy))) {
    row.pixelFlags = row.pixelFlags_saturated = row.pixelFlags_saturatedCenter = true;
    row.pixelFlags_interpolated = row.pixelFlags_interpolatedCenter = true;
  } else if (random.chance(0.02)) row.pixelFlags = row.pixelFlags_interpolated = true;
  return row;
}

/** Two lobes of opposite sign, an arcsecond or less apart. */
function dipoleColumns(row: LsstRow, random: Random, spots: readonly Spot[], fluxNJy: number, errNJy: number): void {
  row.dipoleMeanFlux = Math.abs(fluxNJy) * random.uniform(1, 2);
  row.dipoleMeanFluxErr = errNJy;
  row.dipoleFluxDiff = fluxNJy;
  row.dipoleFluxDiffErr = errNJy;
  const { length, angle } = dipoleOf(spots);
  row.dipoleLength = length;
  row.dipoleAngle = angle;
  row.dipoleChi2 = fitted * random.normal(1.02, 0.04);
  row.dipoleNdata = fitted;
}

/** The columns of `diaForcedSource`: the flux at the object's place, seen or not. */
export function forcedRow(
  exposure: LsstExposure,
  source: SkySource,
  detector: number,
  ids: { id: bigint; diaObjectId: bigint },
  fluxNJy: number,
): LsstRow {
  templates.forced ??= blankLsst("diaForcedSource");
  const row = { ...templates.forced };
  row.diaForcedSourceId = ids.id;
  row.diaObjectId = ids.diaObjectId;
  row.ra = source.ra;
  row.dec = source.dec;
  row.visit = exposure.visitNumber;
  row.detector = detector;
  row.psfFlux = fluxNJy;
  row.psfFluxErr = exposure.sigmaNJy;
  row.midpointMjdTai = exposure.midpointMjdTai;
  row.scienceFlux = ownLightNJy(source, exposure.band) + fluxNJy;
  row.scienceFluxErr = exposure.sigmaNJy;
  row.band = exposure.band;
  row.timeProcessedMjdTai = exposure.midpointMjdTai + processingDays;
  return row;
}
