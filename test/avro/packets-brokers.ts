import { like, type Made, map, maybe, rec, rows } from "./packet-text";

/** A packet after a published schema, and what the common view has to say about it. */
export interface Packet {
  packet: Made;
  view: object;
  history?: object[];
  upperLimits?: object[];
  forced?: object[];
  stamps?: object;
}

const { NaN: none } = Number;
const tai = (mjd: number) => mjd - 37 / 86400;
/** nJy of AB 20. */
const flux20 = 36307.805;

const alerceRow = rec(
  `oid string = ZTF20aaelulu, sid string = ZTF, pid long = 5, tid string = ZTF, fid string = g, candid string = c1,
   mjd double = 58860.5, ra double = 185.5, e_ra float = 0.1, dec double = 15.25, e_dec float = 0.1, mag float = 16,
   e_mag float = 0.125, mag_corr float? = 15.9, e_mag_corr float? = 0.1, isdiffpos int = 1, has_stamp boolean = true,
   forced boolean = false`,
  { extra_fields: map(["null", "int", "float", "string", "bytes"], { rcid: 3 }) },
);

/** Columns of Rubin's DiaSource as brokers copy them, with none of their units. */
const rubin = `diaSourceId long = 170, visit long = 77, diaObjectId long? = 313, midpointMjdTai double = 61000,
  ra double = 10, dec double = -20, apFlux float? = 1, psfFlux float? = 3631, psfFluxErr float? = 36.31,
  scienceFlux float? = 9999, reliability float? = 0.75`;
const rubinSource = rec(
  `oid long = 313, measurement_id long = 170, mjd double = 61000, band int? = 2, ${rubin}, is_negative boolean? = true`,
);

/** A light curve of the same place in another survey: never this alert's own history. */
const otherSurvey = rec("objectId string = other, ra double = 99, dec double = 88", {
  prv_candidates: rows("jd double, psfFlux float?, psfFluxErr float, band string", [2450000.5, 1, 1, "u"]),
});

export const brokers: Record<string, Packet> = {
  "ALeRCE, sorting hat": {
    packet: rec(
      `oid string = ZTF20aaelulu, tid string = ZTF, pid long = 5, candid long = 1105522281015015003, mjd double = 58860.5,
       fid int = 1, ra double = 185.5, dec double = 15.25, mag float = 16, e_mag float = 0.125, isdiffpos int = -1,
       e_ra float = 0.1, e_dec float = 0.1, aid string = AL20ccccc`,
      {
        extra_fields: map(["null", "int", "float", "string", "bytes"], { x: 1 }),
        stamps: rec("science bytes? = s, template bytes? = null, difference bytes? = d"),
      },
      "alerce.alert",
    ),
    view: {
      alertId: 1105522281015015003n,
      objectId: "ZTF20aaelulu",
      ra: 185.5,
      dec: 15.25,
      mjdUtc: 58860.5,
      band: "1",
      mag: 16,
      magErr: 0.125,
      isPositive: false,
      fluxNJy: none,
    },
    stamps: { science: "s", template: undefined, difference: "d" },
  },
  "ALeRCE, correction, with forced photometry among the detections": {
    packet: rec("oid string = ZTF20aaelulu, meanra float = 185.5, meandec float = 15.25", {
      candid: { type: { type: "array", items: "string" }, value: ["c2"] },
      detections: {
        type: { type: "array", items: alerceRow.type },
        value: like(
          alerceRow,
          { mjd: 58862.5, mag: 100, forced: true, candid: "f1" },
          { mjd: 58861.5, mag: 17, isdiffpos: -1, fid: "r", candid: "c2" },
          { mjd: 58862.25, mag: 18, forced: true, candid: "f2" },
          {},
        ).value,
      },
      non_detections: rows("oid string, fid string, mjd double, diffmaglim float", [
        "ZTF20aaelulu",
        "g",
        58859.5,
        20.5,
      ]),
    }),
    view: {
      alertId: "c2",
      objectId: "ZTF20aaelulu",
      ra: 185.5,
      dec: 15.25,
      mjdUtc: 58861.5,
      band: "r",
      mag: 17,
      isPositive: false,
    },
    history: [{ mjdUtc: 58860.5, band: "g", mag: 16, alertId: "c1" }],
    upperLimits: [{ mjdUtc: 58859.5, band: "g", mag: 20.5 }],
    forced: [{ mjdUtc: 58862.25 }, { mjdUtc: 58862.5 }],
  },
  "ALeRCE, ingestion of LSST": {
    packet: rec("oid long = 313, measurement_id long = 170", {
      source: rubinSource,
      previous_sources: like(rubinSource, {
        measurement_id: 169n,
        diaSourceId: 169n,
        mjd: 60990,
        midpointMjdTai: 60990,
        band: 1,
        is_negative: false,
      }),
      forced_sources: rows("oid long, mjd double, ra double, dec double, psfFlux float?, band int?", [
        313n,
        60980,
        10,
        -20,
        100,
        1,
      ]),
      dia_object: maybe(rec("oid long = 313, ra double = 11, dec double = -21, firstDiaSourceMjdTai double = 60000")),
    }),
    view: {
      alertId: 170n,
      objectId: 313n,
      ra: 10,
      dec: -20,
      mjdUtc: tai(61000),
      band: "2",
      fluxNJy: 3631,
      fluxErrNJy: 36.31,
      mag: 22.5,
      snr: 100,
      isPositive: true, // the flux is; is_negative contradicts it
      realBogus: 0.75,
    },
    history: [{ mjdUtc: tai(60990), fluxNJy: 3631, band: "1", alertId: 169n }],
    forced: [{ mjdUtc: 60980, band: "1", fluxNJy: 100 }],
  },
  "ALeRCE, stamp classifier of Rubin": {
    packet: rec(
      `alertId long = 9, diaObjectId long = 313, diaSourceId long = 170, midpointMjdTai double = 61000, ra double = 10,
       dec double = -20`,
      { probabilities: map("double", { SN: 0.9 }) },
      "alerce.rubin_stamp_classifier_step.RubinStampClassifierOutput",
    ),
    view: { alertId: 9n, objectId: 313n, ra: 10, dec: -20, mjdUtc: tai(61000), mag: none, fluxNJy: none },
  },
  "ALeRCE, stamp classifier": {
    packet: rec("objectId string = ZTF20aaelulu, candid long = 7", {
      probabilities: rec("SN float = 0.5, AGN float = 0.25, bogus float = 0.25"),
    }),
    view: { alertId: 7n, objectId: "ZTF20aaelulu", ra: none, mjdUtc: none, mag: none, realBogus: none },
  },
  "Fink 2019, flattened": {
    packet: rec(
      `objectId string? = ZTF18acsbs, candid long? = 697251926115015002, candidate_jd double? = 2458450.5,
       candidate_fid int? = 2, candidate_ra double? = 90, candidate_dec double? = 45, candidate_magpsf float? = 18.5,
       candidate_sigmapsf float? = 0.125, candidate_xpos float? = 3, simbadType string? = Star`,
      {},
      "topLevelRecord",
    ),
    view: {
      alertId: 697251926115015002n,
      objectId: "ZTF18acsbs",
      ra: 90,
      dec: 45,
      mjdUtc: 58450,
      band: "2",
      mag: 18.5,
      magErr: 0.125,
    },
  },
  "Fink, ZTF as distributed": {
    packet: rec(
      `timestamp string? = 2024-01-01 00:00:00, schemavsn string? = 3.3, objectId string? = ZTF18acsbs, candid long? = 5,
       cdsxmatch string? = SN, rf_snia_vs_nonia float? = 0.5`,
      {
        candidate: rec(
          `jd double? = 2458450.5, fid int? = 2, programid int? = 1, isdiffpos string? = t, rcid int? = 3, ra double? = 90,
           dec double? = 45, magpsf float? = 18.5, sigmapsf float? = 0.125, magnr float? = 12, ranr double? = 90.1, rb float? = 0.5`,
        ),
      },
      "topLevelRecord",
    ),
    view: { survey: "ztf", alertId: 5n, ra: 90, mjdUtc: 58450, band: "r", mag: 18.5, isPositive: true, realBogus: 0.5 },
  },
  "Babamul, ZTF with fluxes in a unit of their own": {
    packet: rec(
      "candid long = 8, objectId string = ZTF25aaaaaaa, cutoutScience bytes? = s",
      {
        candidate: rec(
          `jd double = 2461000.5, fid int = 2, pid long = 1, diffmaglim float? = 20, programid int = 1, candid long = 8,
           isdiffpos boolean = false, rcid int? = 5, field int? = 9, ra double = 1, dec double = 2, magpsf float = 20,
           sigmapsf float = 0.1, magnr float? = 15, rb float? = 0.9, ranr double = 1.001, decnr double = 2.001,
           magzpsci float? = 26.2, drb float? = 0.99, psfFlux float = -4e10, psfFluxErr float = 4e9, band string = r`,
        ),
        prv_candidates: rows(
          "jd double, psfFlux float?, psfFluxErr float, band string, ra double, dec double",
          [2461000.5, -4e10, 4e9, "r", 1, 2],
          [2460999.5, 4e11, 4e9, "g", 1, 2],
        ),
        fp_hists: rows("jd double, psfFlux float?, psfFluxErr float, band string", [2460998.5, 4e8, 4e9, "g"]),
        prv_nondetections: rows("jd double, psfFluxErr float, band string", [2460997.5, 8e9, "g"]),
        survey_matches: maybe(rec("", { lsst: maybe(otherSurvey) })),
      },
      "ztf.enriched",
    ),
    view: {
      alertId: 8n,
      objectId: "ZTF25aaaaaaa",
      ra: 1,
      dec: 2,
      mjdUtc: 61000,
      band: "r",
      mag: 20,
      fluxNJy: none,
      isPositive: false,
      snr: 10,
      realBogus: 0.99, // drb, where the packet has it
    },
    history: [{ mjdUtc: 60999, band: "g", mag: 17.5, fluxNJy: none, isPositive: true }],
    forced: [{ mjdUtc: 60998, band: "g" }],
    upperLimits: [{ mjdUtc: 60997, band: "g", mag: 20 }],
    stamps: { science: "s" },
  },
  "Babamul, LSST": {
    packet: rec(
      "candid long = 170, objectId string = 313",
      {
        candidate: rec(
          `${rubin.replace("3631", String(flux20)).replace("36.31", String(flux20 / 20))}, band string? = i,
           objectId string = 313, jd double = ${2461000.5 - 37 / 86400}, magpsf float = 20, sigmapsf float = 0.05,
           diffmaglim float = 24, isdiffpos boolean = true, snr float = 20, jdstarthist double? = 2460000.5`,
        ),
        prv_candidates: rows("jd double, psfFlux float?, psfFluxErr float, band string, ra double, dec double", [
          2460990.5,
          3631,
          36.31,
          "z",
          10,
          -20,
        ]),
        survey_matches: maybe(rec("", { ztf: maybe(otherSurvey) })),
      },
      "lsst.enriched",
    ),
    view: {
      alertId: 170n,
      objectId: "313",
      ra: 10,
      dec: -20,
      mjdUtc: tai(61000),
      band: "i",
      mag: 20,
      fluxNJy: flux20,
      isPositive: true,
      snr: 20,
    },
    history: [{ mjdUtc: 60990, band: "z", mag: 22.5, fluxNJy: 3631 }],
  },
};
