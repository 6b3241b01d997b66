import type { Exposure } from "./cadence";
import { channelHeight, channelWidth, pixelArcsec, separation } from "./camera";
import type { Detection } from "./detect";
import type { Neighbour } from "./neighbours";
import { clamp, nJyOf } from "./numeric";
import type { Random } from "./random";
import type { Position } from "./sky-source";
import { candidOf, fidOf, imageName, jdOf, nidOf, pidOf, rfidOf } from "./ztf-names";
import { fields } from "./ztf-schema";

/** The survey's number for "none" in most columns of an alert, and in its forced photometry. */
export const none = -999;
const noneForced = -99_999;

/** Nearest source of the reference image, as every row about a place repeats it. */
export interface Reference {
  readonly distnr: number;
  readonly ranr: number;
  readonly decnr: number;
  readonly mags: Readonly<Record<"g" | "r" | "i", number>>;
  readonly chinr: number;
  readonly sharpnr: number;
}

/** The star or galaxy of the reference image nearest to a place; where the catalogue ends, a faint one somewhat off. */
export function referenceOf(random: Random, at: Position, neighbours: readonly Neighbour[]): Reference {
  const near = neighbours.find((n) => n.mags.r < 22.3 && separation(at, n) < 28);
  const isStar = near?.kind === "star";
  const faint = { g: 23.1, r: 22.9, i: 22.2 };
  const angle = random.uniform(-1, 1);
  const away = random.uniform(4, 20);
  const { ra, dec } = near?.truePosition ?? {
    ra: at.ra + (away * angle) / 3600,
    dec: at.dec + (away * (1 - Math.abs(angle))) / 3600,
  };
  return {
    distnr: separation(at, { ra, dec }) / pixelArcsec,
    ranr: ra,
    decnr: dec,
    mags: near?.mags ?? faint,
    chinr: isStar ? random.logNormal(0.75, 0.3) : random.logNormal(1.4, 0.6),
    sharpnr: isStar ? random.normal(-0.01, 0.03) : random.normal(near ? 0.3 : -0.35, 0.2),
  };
}

/** Columns of `prv_candidates` as the schema has them. */
export type HistoryRow = Record<string, number | bigint | string | null>;

/**
 * One object with every column of a record in order, to be copied for each row: V8 then keeps all rows in one quick form, which
 * objects put together from parts are not (five times slower to write, measured).
 */
export function blank(record: "candidate" | "prv_candidate"): HistoryRow {
  const names = fields[record].split(/\s+/).map((field) => field.split(":")[0]);
  return JSON.parse(`{${names.map((name) => `"${name}":null`).join(",")}}`) as HistoryRow;
}

const blankRow = blank("prv_candidate");

/** A row with the columns that every exposure has, the others null: what a non-detection looks like. */
function exposureRow(exposure: Exposure, rcid: number, imagePath: string): HistoryRow {
  const blue = exposure.band === "g";
  const row: HistoryRow = { ...blankRow };
  row.jd = jdOf(exposure.mjdUtc);
  row.fid = fidOf(exposure.band);
  row.pid = pidOf(exposure.mjdUtc, { rcid });
  row.diffmaglim = exposure.limitMag;
  row.pdiffimfilename = imagePath;
  row.programpi = "Kulkarni";
  row.programid = 1;
  row.nid = nidOf(exposure.mjdUtc);
  row.rcid = rcid;
  row.field = exposure.field.id;
  row.magzpsci = exposure.zeroPoint;
  row.magzpsciunc = blue ? 7.2e-5 : 2.3e-5;
  row.magzpscirms = blue ? 0.039 : 0.024;
  row.clrcoeff = blue ? -0.058 : 0.091;
  row.clrcounc = blue ? 8.1e-5 : 2e-5;
  row.rbversion = "t17_f5_c3";
  return row;
}

/** Archive path of an earlier difference image. */
function archivePath(exposure: Exposure, rcid: number): string {
  const name = imageName(exposure, rcid);
  return `/ztf/archive/sci/${name.slice(4, 8)}/${name.slice(8, 12)}/${name.slice(12, 18)}/${name}.fz`;
}

/** The columns that `candidate` and a detection in `prv_candidates` have in common. */
export function detectionRow(
  random: Random,
  seen: Detection,
  reference: Reference,
  tableRow: number,
  isCurrent: boolean,
): HistoryRow {
  const { exposure, shape, source } = seen;
  const { rcid } = source.place;
  const row = exposureRow(exposure, rcid, isCurrent ? imageName(exposure, rcid) : archivePath(exposure, rcid));
  const magap = seen.mag + shape.magdiff;
  const sigmagap = seen.magErr * random.uniform(0.55, 1.15);
  row.candid = candidOf(row.pid as number, seen.isPositive, tableRow);
  row.isdiffpos = seen.isPositive ? "t" : "f";
  row.tblid = tableRow;
  row.xpos = seen.x;
  row.ypos = seen.y;
  row.ra = seen.ra;
  row.dec = seen.dec;
  row.magpsf = seen.mag;
  row.sigmapsf = seen.magErr;
  row.chipsf = shape.chipsf;
  row.magap = magap;
  row.sigmagap = sigmagap;
  row.distnr = separation(seen, { ra: reference.ranr, dec: reference.decnr }) / pixelArcsec; // pixels, as ZTF gives it
  row.magnr = reference.mags[exposure.band];
  row.sigmagnr = clamp(0.012 + nJyOf(exposure.limitMag - 1.8) / nJyOf(reference.mags[exposure.band]) / 9, 0.01, 0.4);
  row.chinr = reference.chinr;
  row.sharpnr = reference.sharpnr;
  row.sky = shape.sky;
  row.magdiff = shape.magdiff;
  row.fwhm = shape.fwhm;
  row.classtar = shape.classtar;
  row.mindtoedge = Math.min(seen.x, seen.y, channelWidth - seen.x, channelHeight - seen.y);
  row.magfromlim = exposure.limitMag - magap;
  row.seeratio = shape.seeratio;
  row.aimage = shape.aimage;
  row.bimage = shape.aimage / shape.elong;
  row.aimagerat = shape.aimage / shape.fwhm;
  row.bimagerat = shape.aimage / shape.elong / shape.fwhm;
  row.elong = shape.elong;
  row.nneg = shape.nneg;
  row.nbad = shape.nbad;
  row.rb = shape.rb;
  row.sumrat = shape.sumrat;
  row.magapbig = magap + random.normal(0, 0.05);
  row.sigmagapbig = sigmagap * 1.25;
  row.ranr = reference.ranr;
  row.decnr = reference.decnr;
  row.scorr = 5 + ((seen.snr - 5) * clamp(random.logNormal(0.6, 0.4), 0.15, 1.5)) / (1 + seen.snr / 400);
  return row;
}

/** An earlier exposure that did not see it: all but the exposure's own columns are null. */
export const nonDetectionRow = (exposure: Exposure, rcid: number): HistoryRow =>
  exposureRow(exposure, rcid, archivePath(exposure, rcid));

/**
 * Forced photometry of an exposure, DN. Three of a hundred images have no reference pixels there: status 61 and −99999
 * throughout, as in ZTF; the others have status 0.
 */
export function forcedRow(random: Random, exposure: Exposure, rcid: number, reference: Reference, fluxNJy: number) {
  const perDn = nJyOf(exposure.zeroPoint);
  const failed = random.chance(0.03);
  const fid = fidOf(exposure.band);
  return {
    field: exposure.field.id,
    rcid,
    fid,
    pid: pidOf(exposure.mjdUtc, { rcid }),
    rfid: rfidOf(exposure.field.id, fid, rcid),
    sciinpseeing: exposure.fwhmPx,
    scibckgnd: exposure.skyDn,
    scisigpix: Math.sqrt(exposure.skyDn / 6.2) + 1.2,
    magzpsci: exposure.zeroPoint,
    magzpsciunc: 3e-5,
    magzpscirms: 0.03,
    clrcoeff: exposure.band === "g" ? -0.058 : 0.091,
    clrcounc: 3e-5,
    exptime: 30,
    adpctdif1: random.uniform(0.07, 0.1),
    adpctdif2: random.uniform(0.07, 0.1),
    diffmaglim: exposure.limitMag,
    programid: 1,
    jd: jdOf(exposure.mjdUtc),
    forcediffimflux: failed ? noneForced : fluxNJy / perDn,
    forcediffimfluxunc: failed ? noneForced : nJyOf(exposure.limitMag) / 5 / perDn,
    procstatus: failed ? "61" : "0",
    distnr: failed ? noneForced : reference.distnr,
    ranr: failed ? noneForced : reference.ranr,
    decnr: failed ? noneForced : reference.decnr,
    magnr: failed ? noneForced : reference.mags[exposure.band],
    sigmagnr: failed ? noneForced : 0.03,
    chinr: failed ? noneForced : reference.chinr,
    sharpnr: failed ? noneForced : reference.sharpnr,
  };
}
