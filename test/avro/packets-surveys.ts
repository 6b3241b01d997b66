import { like, map, maybe, rec, rows } from "./packet-text";
import type { Packet } from "./packets-brokers";

const { NaN: none } = Number;
const tai = (mjd: number) => mjd - 37 / 86400;

const ls4 = rec(
  `diaSourceId string = 5c0e0a42, diaObjectId string? = 77aa, MJD double "MJD of midpoint of the exposure" = 60700.25,
   ra double = 150, raErr float? = null, dec double = 2, band string? = i,
   fluxZeroPoint float? "Zeropoint for apFlux and psfFlux to go to AB magnitude" = 27.5, apFlux float? = 900,
   apFluxErr float? = 20, snr float? = 50, psfFlux float? = 1000, psfFluxErr float? = 20, rb float? = 0.75, rbcut float? = 0.5`,
);
const atlas = `mjd double = 58764.5, filter string = o, pid long = 3, candid string = a1, isdiffpos string = t,
  RA double "Right Ascension [deg]" = 350.5, Dec double "[deg]" = -45.5, Mag float "magnitude of detection [AB]" = 18.5,
  Dmag float = 0.125, flux float "magnitude of detection [uJy]" = 144.544, Dflux float = 14.4544, rb float = 0.5,
  Pvr int = 1, WPflx float = 3, Dflx float = 4`;
const stamp = (name: string) => rec(`fileName string = ${name}.fits, stampData bytes = ${name}`);
const rapid = rec(
  `diaSourceId long = 5, visit long = 9, diaObjectId long? = null, midpointMjdTai double "[TAI MJD]" = 61500, ra double = 9,
   dec double = -44, band string? = F129, psfFlux float? "Flux from PSF-fit on difference image [nJy]" = -3631,
   psfFluxErr float? "[nJy]" = 36.31, snr float? = 100, reliability float? = null, isdiffpos boolean = false, field int = 7`,
);

export const surveys: Record<string, Packet> = {
  "LS4 0.2, fluxes with a zero point": {
    packet: rec(
      "alertId string = 0b4c-11, cutoutDifference bytes? = d, cutoutScience bytes? = s, cutoutTemplate bytes? = t",
      {
        diaObject: maybe(rec("diaObjectId string = 77aa, name string = LS4xyz, ra double = 150.1, dec double = 2.1")),
        diaSource: ls4,
        prvDiaSources: like(ls4, { diaSourceId: "older", MJD: 60690.25, psfFlux: 100, psfFluxErr: 20, band: "g" }),
        prvDiaForcedSources: rows("MJD double, band string?, fluxZeroPoint float?, psfFlux float?, psfFluxErr float?", [
          60680.25,
          "g",
          27.5,
          10,
          20,
        ]),
        prvDiaNonDetectionLimits: rows("MJD double, band string, limitingMag float", [60670.25, "g", 21.5]),
      },
      "ls4.v0_2.alert",
    ),
    view: {
      survey: "unknown",
      alertId: "0b4c-11",
      objectId: "77aa",
      ra: 150,
      dec: 2,
      mjdUtc: 60700.25,
      band: "i",
      mag: 20,
      fluxNJy: 1000 * 10 ** (0.4 * (31.4 - 27.5)),
      snr: 50,
      realBogus: 0.75,
    },
    history: [{ mjdUtc: 60690.25, mag: 22.5, alertId: "older", band: "g" }],
    forced: [{ mjdUtc: 60680.25, fluxNJy: 10 * 10 ** (0.4 * (31.4 - 27.5)) }],
    upperLimits: [{ mjdUtc: 60670.25, band: "g", mag: 21.5 }],
    stamps: { science: "s", template: "t", difference: "d" },
  },
  "ATLAS, with magnitude and flux in uJy": {
    packet: rec(
      "schemavsn string = 0.1, candid string = a1, objectID string = ATLAS1",
      { candidate: rec(atlas), cutoutScience: stamp("sci"), cutoutDifference: stamp("dif") },
      "atlas.alert",
    ),
    view: {
      alertId: "a1",
      objectId: "ATLAS1",
      ra: 350.5,
      dec: -45.5,
      mjdUtc: 58764.5,
      band: "o",
      mag: 18.5,
      magErr: 0.125,
      fluxNJy: 144544,
      fluxErrNJy: 14454.4,
      snr: 10,
      isPositive: true,
      realBogus: 0.5,
    },
    stamps: { science: "sci", difference: "dif" },
  },
  "ATLAS, flat": {
    packet: rec(
      `schemavsn string = 0.1, jd double = 2458765, RA double = 350.5, Dec double = -45.5, mag double = 18.5,
       dmag double = 0.125, x double = 1, y double = 2, pointing string = p, candid string = a1, objectID string = ATLAS1`,
      { cutoutScience: stamp("sci") },
      "atlas.alert",
    ),
    view: { alertId: "a1", objectId: "ATLAS1", ra: 350.5, mjdUtc: 58764.5, band: "", mag: 18.5, magErr: 0.125 },
    stamps: { science: "sci" },
  },
  "RAPID 1.0, in Rubin's manner": {
    packet: rec(
      "diaSourceId long = 5",
      {
        diaSource: rapid,
        prvDiaSources: like(rapid, { diaSourceId: 4n, midpointMjdTai: 61490, isdiffpos: true, psfFlux: 3631 }),
      },
      "rapid.v01_00.alert",
    ),
    view: {
      survey: "unknown",
      alertId: 5n,
      objectId: null,
      mjdUtc: tai(61500),
      band: "F129",
      mag: 22.5,
      fluxNJy: -3631,
      isPositive: false,
      realBogus: none,
    },
    history: [{ mjdUtc: tai(61490), alertId: 4n, isPositive: true }],
  },
  Evryscope: {
    packet: rec(
      "schemavsn string = 0.1, publisher string = evr, objectId string = EVRT-1",
      {
        candidate: rec(
          `epoch double = 2459000.5, camera string = c, thresh float = 5, vetnet_score float = 0.75, flux float = 512,
           difsnr float = 7, insmag float = -9, gmag float = 13.5, srcsnr float = 8, ra float = 12, dec float = 34`,
        ),
        xmatch: maybe(
          rows("ra double, dec double, g_mag float, epoch double, mag float", [12.001, 34.001, 13, 2450000.5, 13]),
        ),
      },
      "efte.alert",
    ),
    view: { objectId: "EVRT-1", ra: 12, dec: 34, mjdUtc: 59000, fluxNJy: none, snr: 8, realBogus: 0.75 },
    history: [],
  },
  "columns of MeerLICHT and BlackGEM": {
    packet: rec(
      `NUMBER long = 12, MJD_OBS double = 59500.5, FILTER string = q, RA_PSF_D double = 200.25, DEC_PSF_D double = -30.5,
       MAG_ZOGY float = 19.5, MAGERR_ZOGY float = 0.125, SNR_ZOGY float = 8.5, FNU_ZOGY float "[uJy]" = -57.544,
       FNUERR_ZOGY float "[uJy]" = 7.193, CLASS_REAL float = 0.9`,
    ),
    view: {
      ra: 200.25,
      dec: -30.5,
      mjdUtc: 59500.5,
      band: "q",
      mag: 19.5,
      magErr: 0.125,
      fluxNJy: -57544,
      fluxErrNJy: 7193,
      snr: 8.5,
      isPositive: false,
    },
  },
  "SExtractor's columns": {
    packet: rec(
      `source_id string = s1, MJD double = 57000.5, ALPHA_J2000 double = 33.5, DELTA_J2000 double = 44.5,
       MAG_AUTO double = 17.5, MAGERR_AUTO double = 0.125, filter string = SDSS_r`,
    ),
    view: { alertId: "s1", ra: 33.5, dec: 44.5, mjdUtc: 57000.5, band: "r", mag: 17.5, magErr: 0.125 },
  },
  "LSST's first prototypes": {
    packet: rec(
      "alertId long = 1",
      {
        diaSource: rec(
          `diaSourceId long = 170, visit long = 3, diaObjectId long? = 313, midpointMjdTai double = 58000, band string = g,
           psfFlux float? = 3631, psfFluxErr float? = 36.31`,
          { radec: rec("ra double = 10, dec double = 20") },
        ),
      },
      "lsst.alert",
    ),
    view: { alertId: 1n, objectId: 313n, ra: 10, dec: 20, mjdUtc: tai(58000), band: "g", mag: 22.5, fluxNJy: 3631 },
  },
  "a host, a reference star and a broker's own filter beside the detection": {
    packet: rec("alert_id string = x1, name string = AT2026abc, filter_name string = bright_transients", {
      detection: rec(
        `jd_utc double = 2460001, magnitude double = 18.25, magnitude_err double = 0.1, fid int "1=g; 2=r" = 2,
         jdstarthist double = 2459000.5, magnr float = 12, ranr double = 7, decnr double = 8`,
      ),
      position: rec("ra double = 100, dec double = 20"),
      host: rec(
        "ra double = 101, dec double = 21, mag double = 15, mjd double = 51000, band string = z, score float = 0.5",
      ),
      nearest_star: rec("ra double = 102, dec double = 22, gmag double = 10, mag double = 10, epoch double = 2000"),
      reference: rec("jd double = 2450000.5, mag double = 19, ra double = 103, dec double = 23, filter string = y"),
    }),
    view: {
      alertId: "x1",
      objectId: "AT2026abc",
      ra: 100,
      dec: 20,
      mjdUtc: 60000.5,
      band: "r",
      mag: 18.25,
      magErr: 0.1,
      realBogus: none,
    },
  },
  "a notice of a space mission (time as text, no brightness)": {
    packet: rec(
      `mission string = Einstein Probe, instrument string = WXT, trigger_time string = 2024-04-08T23:03:20.5Z,
       ra double = 188.75, dec double = -31.25, ra_dec_error double = 0.05, image_snr double = 9.5`,
      { id: { type: { type: "array", items: "string" }, value: ["01708973486"] } },
    ),
    view: { ra: 188.75, dec: -31.25, mjdUtc: 60408 + (23 * 3600 + 3 * 60 + 20.5) / 86400, mag: none, band: "" },
  },
  "times in nanoseconds, right ascension in hours as text": {
    packet: rec(
      `event_id string = e1, time long "ns since 1970" = 1700000000500000000, ra string = 12:30:00, dec string = -45:30:00,
       mag float = 17, band string = V, properties string = none`,
      { extra: map("string", { a: "b" }) },
    ),
    view: { alertId: "e1", ra: 187.5, dec: -45.5, mjdUtc: 40587 + 1700000000.5 / 86400, mag: 17, band: "V" },
  },
  "ANTARES, a locus with its alerts": {
    packet: rec("locus_id string = ANT2020abc, ra double = 55.5, dec double = -5.5", {
      properties: map(["null", "double", "string"], { num_alerts: 2 }),
      alerts: rows(
        "alert_id string, mjd double, mag double, magerr double, passband string, ra double, dec double",
        ["ztf_candidate:1", 59000, 19, 0.25, "g", 55.5, -5.5],
        ["ztf_candidate:2", 59001, 18, 0.125, "R", 55.5, -5.5],
      ),
    }),
    view: {
      alertId: "ztf_candidate:2",
      objectId: "ANT2020abc",
      ra: 55.5,
      dec: -5.5,
      mjdUtc: 59001,
      band: "R",
      mag: 18,
    },
    history: [{ mjdUtc: 59000, mag: 19, band: "g", alertId: "ztf_candidate:1" }],
  },
};
