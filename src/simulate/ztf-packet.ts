import { type Detection, positionAt } from "./detect";
import { fitsOf, gzipSame } from "./fits-write";
import { type Neighbour, neighboursOf, surroundings } from "./neighbours";
import { nJyOf } from "./numeric";
import type { PacketMaker } from "./packet-maker";
import { Archive, type Past } from "./past";
import type { Random } from "./random";
import type { SkySource } from "./sky-source";
import { Canvas, drawStamps } from "./stamps";
import { WrittenRows } from "./written-rows";
import { arrayOf, cutout, encodePart } from "./ztf-encode";
import { matches, solarSystem } from "./ztf-matches";
import { candidOf, jdOf, objectName, objectNames, pidOf, rfidOf } from "./ztf-names";
import { blank, detectionRow, forcedRow, nonDetectionRow, type Reference, referenceOf } from "./ztf-rows";
import { ztfSchemaVersion } from "./ztf-schema";
import type { ZtfSky } from "./ztf-sky";

const publisher = "alert-bootcamp simulated night";
const blankCandidate = blank("candidate");

/** Makes ZTF 4.02 packets of a night. */
export class ZtfPackets implements PacketMaker {
  private readonly archive: Archive;
  private readonly canvas = new Canvas();
  private readonly names = new Map<SkySource, string>();
  private readonly written = new WrittenRows();

  constructor(
    private readonly seed: Random,
    private readonly sky: ZtfSky,
    firstNightMjd: number,
  ) {
    this.archive = new Archive(seed, sky, firstNightMjd);
  }

  alertId(seen: Detection): bigint {
    const { rcid } = seen.source.place;
    return candidOf(pidOf(seen.exposure.mjdUtc, { rcid }), seen.isPositive, this.sky.rowOf(seen));
  }

  /** What stays has one name from its first detection on; what moves is a new object wherever it is found. */
  objectId(seen: Detection): string {
    const { source } = seen;
    let name = this.names.get(source);
    if (name === undefined) {
      name = objectName(
        this.archive.pastOf(seen).firstMjd,
        this.sky.mark.firstOf(objectNames) + this.sky.numberOf(seen),
      );
      if (!source.positionAt) this.names.set(source, name);
    }
    return name;
  }

  neighbours(seen: Detection): Neighbour[] {
    const { source, exposure } = seen;
    return neighboursOf(surroundings(this.seed, source), source, positionAt(source, exposure.mjdUtc));
  }

  /** The parts of the record in the order of the schema. */
  encode(seen: Detection): readonly Buffer[] {
    const { source, exposure } = seen;
    const { rcid } = source.place;
    const [candid, objectId, row] = [this.alertId(seen), this.objectId(seen), this.sky.rowOf(seen)];
    const random = this.seed.fork("packet", source.index, exposure.index);
    const neighbours = this.neighbours(seen);
    const home = positionAt(source, exposure.mjdUtc);
    const reference = referenceOf(this.seed.fork("reference", source.index), home, neighbours);
    const past = this.archive.pastOf(seen);
    const common = detectionRow(this.rowRandom(seen), seen, reference, row, true);
    const [pid, zero] = [common.pid as number, nJyOf(exposure.zeroPoint)];
    const flux = (seen.isPositive ? 1 : -1) * (nJyOf(seen.mag) / zero);
    const stamps = drawStamps(random.fork("stamps"), seen, neighbours, flux, this.canvas);
    const stamp = (pixels: Float64Array, name: string): Buffer[] =>
      cutout(`candid${candid}${name}.fits.gz`, gzipSame(fitsOf(pixels)));
    const candidate = Object.assign(
      { ...blankCandidate },
      common,
      solarSystem(random, seen),
      matches(seen, neighbours),
      {
        ndethist: past.detectionCount,
        ncovhist: past.exposureCount,
        jdstarthist: jdOf(past.firstMjd),
        jdendhist: common.jd,
        tooflag: 0,
        rfid: rfidOf(exposure.field.id, common.fid as number, rcid),
        jdstartref: 2458313.966389 + (exposure.field.id % 40),
        jdendref: 2458397.87794 + (exposure.field.id % 40),
        nframesref: 15,
        ...imageStatistics(random, seen),
        exptime: 30,
        drb: seen.shape.drb,
        drbversion: "d6_m7",
      },
    );
    return [
      encodePart("head", { schemavsn: ztfSchemaVersion, publisher, objectId, candid }),
      encodePart("candidate", candidate),
      ...arrayOf(past.earlier.map((e) => this.historyRow(e, rcid, reference))),
      ...arrayOf(past.earlier.map((e) => this.forced(source, e, reference))),
      ...stamp(stamps.science, `_pid${pid}_targ_sci`),
      ...stamp(stamps.template, "_ref"),
      ...stamp(stamps.difference, `_pid${pid}_targ_${seen.isPositive ? "scimref" : "refmsci"}`),
    ];
  }

  /** A row's own noise: the same in the alert and in the histories that repeat it. */
  private rowRandom = (seen: Detection) => this.seed.fork("columns", seen.source.index, seen.exposure.index);

  private historyRow({ exposure, seen }: Past["earlier"][number], rcid: number, reference: Reference): Buffer {
    const where = seen ? `s${seen.source.index}` : `c${rcid}`;
    return this.written.once(`${where}/${exposure.index}`, () => {
      if (!seen) return encodePart("prv_candidate", nonDetectionRow(exposure, rcid));
      const columns = detectionRow(this.rowRandom(seen), seen, reference, this.sky.rowOf(seen), false);
      // as in ZTF's own histories, two rows of a hundred say 1 and 0 for t and f
      if (exposure.index % 50 === 0) columns.isdiffpos = seen.isPositive ? "1" : "0";
      return encodePart("prv_candidate", columns);
    });
  }

  private forced(source: SkySource, { exposure, seen }: Past["earlier"][number], reference: Reference): Buffer {
    const make = () => {
      const random = this.seed.fork("forced", source.index, exposure.index);
      const sigma = nJyOf(exposure.limitMag) / 5;
      const flux = seen
        ? (seen.isPositive ? 1 : -1) * nJyOf(seen.mag)
        : (source.positionAt ? 0 : source.differenceNJy(exposure.mjdUtc, exposure.band)) + random.normal(0, sigma);
      return encodePart("fp_hist", forcedRow(random, exposure, source.place.rcid, reference, flux));
    };
    // only what stays in its place and is real can have a second alert with the same row
    return source.positionAt || !source.class.isReal
      ? make()
      : this.written.once(`f${source.index}/${exposure.index}`, make);
  }
}

/** Statistics of the difference image as a whole and of its photometric solution. */
function imageStatistics(random: Random, { shape, exposure }: Detection) {
  const ssnrms = shape.dsnrms * random.uniform(1.3, 3.4);
  return {
    dsnrms: shape.dsnrms,
    ssnrms,
    dsdiff: shape.dsnrms - ssnrms,
    nmatches: 150 + Math.round(exposure.field.density * 40),
    zpclrcov: -1.2e-5,
    zpmed: exposure.zeroPoint - 0.05,
    clrmed: 0.72,
    clrrms: 0.25,
  };
}
