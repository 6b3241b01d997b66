import { positionAt } from "./detect";
import type { LsstExposure } from "./lsst-cadence";
import { placeOf } from "./lsst-camera";
import type { LsstDetection } from "./lsst-detect";
import { bytesOf, encodeLsst, headOf, nothing, rowsOf, some } from "./lsst-encode";
import { diaObjectRow, type ForcedFlux } from "./lsst-object";
import { diaSourceRow, forcedRow, type Link } from "./lsst-rows";
import { spotsOf } from "./lsst-shape";
import type { LsstSky } from "./lsst-sky";
import { solarSystemRows } from "./lsst-solar-system";
import { lsstStamps } from "./lsst-stamps";
import { type Neighbour, neighboursOf, surroundings } from "./neighbours";
import type { PacketMaker } from "./packet-maker";
import type { Random } from "./random";
import { lightBand } from "./sky-light";
import type { SkySource } from "./sky-source";
import { WrittenRows } from "./written-rows";

/** Which packets carry their three cutouts: all, a twentieth of the objects, or none. */
export type LsstStampChoice = "all" | "some" | "none";
/** Of the objects that both surveys see, every one has its stamps. */
const stampShare = 0.05;
/** Below this number sources are ZTF's as well. */
const firstOfLsstAlone = 1_000_000;
/** Ids within a visit are the numbers of the sources; those of forced measurements begin here. */
const forcedIds = 50_000_000;
/** History goes back twelve months at most. */
const historyDays = 365;

/** True for what has no detection but one, or another place each time: no history repeats its rows. */
const isAlone = ({ positionAt, startMjd, class: { isReal } }: SkySource): boolean =>
  positionAt !== undefined || (!isReal && startMjd > 0);

/** Makes Rubin 11.0 packets of a night. */
export class LsstPackets implements PacketMaker<LsstDetection> {
  private readonly objectIds = new Map<SkySource, bigint>();
  private readonly written = new WrittenRows();

  constructor(
    private readonly seed: Random,
    private readonly sky: LsstSky,
    private readonly stamps: LsstStampChoice,
  ) {}

  alertId(seen: LsstDetection): bigint {
    return seen.exposure.idStem + BigInt(seen.source.index);
  }

  /** An object is called by its first detection; what moves has its number in the Solar System. */
  objectId(seen: LsstDetection): bigint {
    const { source } = seen;
    let id = this.objectIds.get(source);
    if (id === undefined) {
      id = source.positionAt ? this.sky.mark.solarSystemId(source.index) : this.alertId(this.detectionsUntil(seen)[0]!);
      this.objectIds.set(source, id);
    }
    return id;
  }

  neighbours({ source, exposure }: LsstDetection): Neighbour[] {
    return neighboursOf(surroundings(this.seed, source), source, positionAt(source, exposure.mjdUtc));
  }

  /** The parts of the record in the order of the schema. */
  encode(seen: LsstDetection): readonly Buffer[] {
    const { source, exposure } = seen;
    const id = this.alertId(seen);
    const objectId = this.objectId(seen);
    const isMoving = source.positionAt !== undefined;
    const link: Link = { diaObjectId: isMoving ? null : objectId, ssObjectId: isMoving ? objectId : null };
    const detections = this.detectionsUntil(seen);
    const recent = ({ exposure: e }: LsstDetection) => e.mjdUtc > exposure.mjdUtc - historyDays;
    const history = detections
      .slice(0, -1)
      .filter(recent)
      .map((earlier) => this.sourceRow(earlier, link));
    const forced = isMoving ? [] : this.forcedFluxes(detections, objectId);
    const solar = isMoving ? solarSystemRows(this.random("orbit", seen), seen, { id, ssObjectId: objectId }) : null;
    return [
      ...headOf(id),
      this.sourceRow(seen, link),
      ...(history.length ? rowsOf(history) : nothing),
      ...(isMoving ? nothing : rowsOf(forced.map((f) => f.row))),
      ...(isMoving ? nothing : some(encodeLsst("diaObject", diaObjectRow(objectId, detections, forced)))),
      ...(solar ? some(encodeLsst("ssSource", solar.ss)) : nothing),
      ...(solar ? some(encodeLsst("mpc_orbits", solar.orbit)) : nothing),
      ...this.cutouts(seen, exposure),
    ];
  }

  /** A row's own noise: the same in the alert and in the histories that repeat it. */
  private random(what: string, { source, exposure }: LsstDetection): Random {
    return this.seed.fork(`lsst ${what}`, source.index, exposure.index);
  }

  private sourceRow(seen: LsstDetection, link: Link): Buffer {
    const { source, exposure } = seen;
    const make = () =>
      encodeLsst(
        "diaSource",
        diaSourceRow(this.random("row", seen), seen, spotsOf(this.seed, seen), this.alertId(seen), link),
      );
    return isAlone(source) ? make() : this.written.once(`s${source.index}/${exposure.index}`, make);
  }

  /** All detections of the source up to this one, oldest first; of what moves or is an artefact of one visit, this alone. */
  private detectionsUntil(seen: LsstDetection): LsstDetection[] {
    const { source, exposure } = seen;
    if (isAlone(source)) return [seen];
    const before = this.sky.exposuresOf(exposure.field).filter((e) => e.index < exposure.index);
    const list = before.flatMap((e) => (e.mjdUtc > source.startMjd && this.sky.look(source, e)) || []);
    return [...list, seen];
  }

  /** Flux at the object's place in every visit since it was found, but for this one, which is not yet processed so far. */
  private forcedFluxes(detections: readonly LsstDetection[], diaObjectId: bigint): (ForcedFlux & { row: Buffer })[] {
    const [first, last] = [detections[0]!, detections.at(-1)!];
    const { source } = first;
    const seen = new Map(detections.map((d) => [d.exposure, d]));
    const start = Math.max(first.exposure.mjdUtc, last.exposure.mjdUtc - historyDays);
    return this.sky.exposuresOf(first.exposure.field).flatMap((exposure) => {
      if (exposure.mjdUtc < start || exposure.mjdUtc >= last.exposure.mjdUtc) return [];
      const found = seen.get(exposure);
      const detector = found?.detector ?? placeOf(exposure.field, exposure.turn, source)?.detector;
      if (detector === undefined) return [];
      const noise = () => this.seed.fork("lsst forced", source.index, exposure.index).normal(0, exposure.sigmaNJy);
      const fluxNJy = found?.fluxNJy ?? source.differenceNJy(exposure.mjdUtc, lightBand(exposure.band)) + noise();
      const id = exposure.idStem + BigInt(forcedIds + source.index);
      const row = this.written.once(`f${source.index}/${exposure.index}`, () =>
        encodeLsst("diaForcedSource", forcedRow(exposure, source, detector, { id, diaObjectId }, fluxNJy)),
      );
      return [{ band: exposure.band, fluxNJy, row }];
    });
  }

  /** In the order of the schema: difference, science, template. */
  private cutouts(seen: LsstDetection, { index }: LsstExposure): Buffer[] {
    const { source } = seen;
    const isChosen = source.index < firstOfLsstAlone || this.seed.fork("lsst stamps", source.index).chance(stampShare);
    if (this.stamps === "none" || (this.stamps === "some" && !isChosen)) return [nothing, nothing, nothing].flat();
    const random = this.seed.fork("lsst pixels", source.index, index);
    const { difference, science, template } = lsstStamps(random, seen, spotsOf(this.seed, seen), this.neighbours(seen));
    return [...bytesOf(difference), ...bytesOf(science), ...bytesOf(template)];
  }
}
