import { positionAt } from "./detect";
import type { LsstExposure } from "./lsst-cadence";
import { placeOf } from "./lsst-camera";
import { detectLsst, type LsstDetection } from "./lsst-detect";
import { bytesOf, encodeLsst, headOf, nothing, rowsOf, some } from "./lsst-encode";
import { diaObjectRow, type ForcedFlux } from "./lsst-object";
import type { LsstPlan } from "./lsst-plan";
import { diaSourceRow, forcedRow, type Link } from "./lsst-rows";
import { solarSystemRows } from "./lsst-solar-system";
import { lsstStamps } from "./lsst-stamps";
import { type Neighbour, neighboursOf } from "./neighbours";
import type { PacketMaker } from "./packet-maker";
import type { Random } from "./random";
import { lightBand } from "./sky-light";
import type { SkySource } from "./sky-source";

/** Which packets carry their three cutouts: all, a twentieth of the objects, or none. */
export type LsstStampChoice = "all" | "some" | "none";
/** Of the objects that both surveys see, every one has its stamps. */
const stampShare = 0.05;
/** Below this number sources are ZTF's as well. */
const firstOfLsstAlone = 1_000_000;
/** Ids within a visit and detector, from the number of the source. */
const idsPerDetector = 500_000;
const forcedIds = 95_000_000;

/** Makes Rubin 11.0 packets of a night. */
export class LsstPackets implements PacketMaker<LsstDetection> {
  private readonly byField = new Map<number, LsstExposure[]>();
  private readonly tonight = new Map<SkySource, LsstDetection[]>();
  private readonly objectIds = new Map<SkySource, bigint>();

  constructor(
    private readonly seed: Random,
    plan: LsstPlan,
    private readonly stamps: LsstStampChoice,
  ) {
    for (const e of plan.exposures) {
      const list = this.byField.get(e.field.id);
      if (list) list.push(e);
      else this.byField.set(e.field.id, [e]);
    }
    for (const seen of plan.detections.flat()) {
      const list = this.tonight.get(seen.source);
      if (list) list.push(seen);
      else this.tonight.set(seen.source, [seen]);
    }
  }

  alertId(seen: LsstDetection): bigint {
    return seen.exposure.idStem + BigInt(seen.detector * idsPerDetector + (seen.source.index % idsPerDetector));
  }

  /** An object is called by its first detection; what moves has its number in the Solar System. */
  objectId(seen: LsstDetection): bigint {
    const { source } = seen;
    let id = this.objectIds.get(source);
    if (id === undefined) {
      id = source.positionAt
        ? 21_000_000_000_000_000n + BigInt(source.index)
        : this.alertId(this.detectionsUntil(seen)[0]!);
      this.objectIds.set(source, id);
    }
    return id;
  }

  neighbours({ source, exposure }: LsstDetection): Neighbour[] {
    return neighboursOf(this.seed.fork("neighbours", source.index), source, positionAt(source, exposure.mjdUtc));
  }

  /** The parts of the record in the order of the schema. */
  encode(seen: LsstDetection): Buffer {
    const { source, exposure } = seen;
    const id = this.alertId(seen);
    const objectId = this.objectId(seen);
    const isMoving = source.positionAt !== undefined;
    const link: Link = { diaObjectId: isMoving ? null : objectId, ssObjectId: isMoving ? objectId : null };
    const detections = this.detectionsUntil(seen);
    const history = detections.slice(0, -1).map((earlier) => this.sourceRow(earlier, link));
    const forced = isMoving ? [] : this.forcedFluxes(detections, objectId);
    const solar = isMoving ? solarSystemRows(this.random("orbit", seen), seen, { id, ssObjectId: objectId }) : null;
    return Buffer.concat([
      ...headOf(id),
      this.sourceRow(seen, link),
      ...(history.length ? rowsOf(history) : nothing),
      ...(isMoving ? nothing : rowsOf(forced.map((f) => f.row))),
      ...(isMoving ? nothing : some(encodeLsst("diaObject", diaObjectRow(objectId, detections, forced)))),
      ...(solar ? some(encodeLsst("ssSource", solar.ss)) : nothing),
      ...(solar ? some(encodeLsst("mpc_orbits", solar.orbit)) : nothing),
      ...this.cutouts(seen, exposure),
    ]);
  }

  /** A row's own noise: the same in the alert and in the histories that repeat it. */
  private random(what: string, { source, exposure }: LsstDetection): Random {
    return this.seed.fork(`lsst ${what}`, source.index, exposure.index);
  }

  private sourceRow(seen: LsstDetection, link: Link): Buffer {
    return encodeLsst("diaSource", diaSourceRow(this.random("row", seen), seen, this.alertId(seen), link));
  }

  /** All detections of the source up to this one, oldest first; of what moves or is an artefact of one visit, this alone. */
  private detectionsUntil(seen: LsstDetection): LsstDetection[] {
    const { source, exposure } = seen;
    if (source.positionAt || (!source.class.isReal && source.startMjd > 0)) return [seen];
    const before = this.byField.get(exposure.field.id)!.filter((e) => e.visit < 0 && e.mjdUtc > source.startMjd);
    const list = before.flatMap((e) => detectLsst(this.seed, source, e) ?? []);
    for (const d of this.tonight.get(source)!) if (d.exposure.mjdUtc <= exposure.mjdUtc) list.push(d);
    return list;
  }

  /** Flux at the object's place in every visit since it was found, but for this one, which is not yet processed so far. */
  private forcedFluxes(detections: readonly LsstDetection[], diaObjectId: bigint): (ForcedFlux & { row: Buffer })[] {
    const [first, last] = [detections[0]!, detections.at(-1)!];
    const { source } = first;
    const seen = new Map(detections.map((d) => [d.exposure, d]));
    return this.byField.get(first.exposure.field.id)!.flatMap((exposure) => {
      if (exposure.mjdUtc < first.exposure.mjdUtc || exposure.mjdUtc >= last.exposure.mjdUtc) return [];
      const found = seen.get(exposure);
      const detector = found?.detector ?? placeOf(exposure.field, exposure.turn, source)?.detector;
      if (detector === undefined) return [];
      const noise = () => this.seed.fork("lsst forced", source.index, exposure.index).normal(0, exposure.sigmaNJy);
      const fluxNJy = found?.fluxNJy ?? source.differenceNJy(exposure.mjdUtc, lightBand(exposure.band)) + noise();
      const id = exposure.idStem + BigInt(forcedIds + (source.index % idsPerDetector));
      const row = encodeLsst("diaForcedSource", forcedRow(exposure, source, detector, { id, diaObjectId }, fluxNJy));
      return [{ band: exposure.band, fluxNJy, row }];
    });
  }

  /** In the order of the schema: difference, science, template. */
  private cutouts(seen: LsstDetection, { index }: LsstExposure): Buffer[] {
    const { source } = seen;
    const isChosen = source.index < firstOfLsstAlone || this.seed.fork("lsst stamps", source.index).chance(stampShare);
    if (this.stamps === "none" || (this.stamps === "some" && !isChosen)) return [nothing, nothing, nothing].flat();
    const random = this.seed.fork("lsst pixels", source.index, index);
    const { difference, science, template } = lsstStamps(random, seen, this.neighbours(seen));
    return [...bytesOf(difference), ...bytesOf(science), ...bytesOf(template)];
  }
}
