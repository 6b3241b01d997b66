export {
  type ApparentMagnitude,
  type ApparentOptions,
  apparentMagnitude,
  type DifferencePhotometry,
  isStellar,
  type ReferenceError,
  type StellarEvidence,
} from "./apparent";
export { type ApparentPoint, apparentLightCurve } from "./apparent-curve";
export type { DecodeOptions } from "./decode";
export type { EncodeOptions } from "./encode";
export type { FitsImage } from "./fits";
export type { JsonOptions } from "./json";
export { type LightCurve, lightCurve } from "./light-curve";
export type { LsstDiaForcedSource, LsstDiaSource, LsstMpcOrbits, LsstPacket, LsstSsSource } from "./packet-lsst";
export type { ZtfCandidate, ZtfCutout, ZtfFpHist, ZtfPacket, ZtfPrvCandidate } from "./packet-ztf";
export { type Flux, fluxToMag, type Magnitude, magToFluxNJy } from "./photometry";
export { snImage } from "./stamps";
export { dateToMjd, jdToMjd, mjdTaiToUtc, mjdToDate, mjdToJd, mjdUtcToTai } from "./time";
export type { AlertView, Detection, ForcedPoint, Origin, Stamp, StampKind, Stamps, UpperLimit, Visit } from "./types";
