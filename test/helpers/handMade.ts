import { missingValues } from "../../src/alert/common-view";
import { magToFluxNJy } from "../../src/alert/photometry";
import type { AlertView, Detection } from "../../src/alert/types";

/** An alert made by hand: only what a test sets has a value. */
export function handMade(values: Partial<AlertView> = {}): AlertView {
  return {
    ...missingValues,
    alertId: 1n,
    objectId: "object",
    visitId: "visit",
    history: [],
    upperLimits: [],
    forced: [],
    stamps: { science: null, template: null, difference: null },
    packet: {},
    origin: { kind: "memory", record: 0 },
    bytes: Buffer.alloc(0),
    ...values,
  };
}

/** A detection made by hand. */
export function point(mjdUtc: number, band: string, mag: number, more: Partial<Detection> = {}): Detection {
  const isPositive = more.isPositive ?? true;
  const flux = magToFluxNJy(mag, 0.1, isPositive ? 1 : -1);
  return {
    mjdUtc,
    band,
    mag,
    magErr: 0.1,
    ...flux,
    isPositive,
    ra: 10,
    dec: 20,
    realBogus: 0.9,
    alertId: null,
    ...more,
  };
}

/** A ZTF alert that passes every cut of the field unless the test changes a field of its candidate. */
export function ztfAlert(candidate: Record<string, unknown> = {}, values: Partial<AlertView> = {}): AlertView {
  const packet = {
    prv_candidates: null,
    candidate: { ...CANDIDATE, ...candidate },
    ...(values.packet as object | undefined),
  };
  const c = packet.candidate;
  return handMade({
    survey: "ztf",
    alertId: 2475433850015010009n,
    objectId: "ZTF18aaaaaaa",
    ra: 10,
    dec: 20,
    mjdUtc: c.jd - 2400000.5,
    band: "r",
    mag: c.magpsf,
    magErr: c.sigmapsf,
    snr: 1.0857 / c.sigmapsf,
    isPositive: c.isdiffpos === "t" || c.isdiffpos === "1",
    realBogus: c.drb ?? c.rb ?? Number.NaN,
    history: [point(c.jd - 2400000.5 - 1, "r", 18.6)],
    ...values,
    packet,
  });
}

/** A young, isolated, clean transient 17 arcseconds from the next PS1 source. */
const CANDIDATE = {
  jd: 2460229.9,
  jdstarthist: 2460227.9,
  fid: 2,
  programid: 1,
  isdiffpos: "t" as unknown,
  magpsf: 18.5,
  sigmapsf: 0.06,
  magap: 18.52,
  magdiff: 0.02,
  diffmaglim: 20.4,
  rb: 0.9 as number | null,
  drb: 0.99,
  nbad: 0,
  fwhm: 2.1,
  elong: 1.1,
  classtar: 0.98,
  ndethist: 3,
  ncovhist: 40,
  ssdistnr: -999,
  ssmagnr: -999,
  ssnamenr: "null",
  distpsnr1: 17,
  sgscore1: 0.99,
  sgmag1: 19,
  srmag1: 18.5,
  simag1: 18.3,
  szmag1: 18.2,
  distpsnr2: 22,
  sgscore2: 0.9,
  srmag2: 19,
  distpsnr3: -999,
  sgscore3: null,
  srmag3: -999,
  neargaiabright: -999,
  maggaiabright: -999,
  distnr: 0.3,
  magnr: 19.5,
  sigmagnr: 0.05,
  chinr: 0.8,
  sharpnr: 0.01,
};
