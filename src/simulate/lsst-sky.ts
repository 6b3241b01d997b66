import type { SkyField } from "./cadence";
import { separation } from "./camera";
import { pickClass } from "./classes";
import { Exposures } from "./exposures";
import { lsstArtefact, lsstDipole } from "./lsst-artefacts";
import { type LsstExposure, maxPointings, planLsstBefore, planLsstVisits } from "./lsst-cadence";
import { birthPlace, discDeg } from "./lsst-camera";
import { detectLsst, type LsstDetection } from "./lsst-detect";
import { choosePointings } from "./lsst-pointings";
import { lastsFor, NightFill, newShare } from "./night-fill";
import type { Random } from "./random";
import { SkyMark, type SkySize } from "./sky-mark";
import type { SkySource } from "./sky-source";
import { type Birth, dimmed, makeSource } from "./sources";
import { usualZtf, ZtfSky } from "./ztf-sky";

/** Everything that happens in a night of LSST. */
export interface LsstPlan {
  readonly night: number;
  readonly nightMjd: number;
  /** Tonight's, in order of time; `visits[n].visit === n`. */
  readonly visits: readonly LsstExposure[];
  readonly sources: readonly SkySource[];
  readonly detections: readonly (readonly LsstDetection[])[];
}

/** A handful of LSST's visits, which hold 10,000 alerts each in truth. */
export const usualLsst = { firstMjd: usualZtf.firstMjd, alerts: 400, visits: 8 };

/** Half of the alerts are real: more than Rubin's stream of 2026 has, for there is more to teach on them. */
const realShare = 0.5;
const recurringShare = 0.2;
/** Sources of LSST alone are numbered from here, those that ZTF sees as well by ZTF's numbers. */
const firstIndex = 1_010_000;
/** Two sources are never nearer, degrees. */
const apartDeg = 12 / 3600;

/**
 * The sky of a ZTF seed as LSST sees it, night after night: the camera points at what the usual ZTF nights of that sky see, and
 * fainter sources of the same kinds fill the visits. ZTF's artefacts belong to its own camera.
 */
export class LsstSky {
  readonly mark: SkyMark;
  night = 0;
  readonly landmarks: LsstDetection[] = [];
  private readonly ztf: ZtfSky;
  private pointings: readonly SkyField[] = [];
  private readonly exposures = new Exposures<LsstExposure>();
  private readonly taken = new Set<string>();
  /** What stays at its place and may be seen on later nights; by number what was tried, so that ZTF's are tried once. */
  private readonly fixed: SkySource[] = [];
  private readonly moving: SkySource[] = [];
  private readonly met = new Set<number>();
  private readonly lost = new Map<SkySource, Set<LsstExposure>>();
  private readonly listed = new Set<number>();
  private tried = firstIndex;

  constructor(
    private readonly random: Random,
    private readonly size: SkySize,
  ) {
    this.ztf = new ZtfSky(random, { ...usualZtf, seed: size.seed, firstMjd: size.firstMjd });
    this.mark = new SkyMark(random, size, usualLsst);
  }

  /** All exposures of a field so far, in order of time. */
  exposuresOf(field: SkyField): readonly LsstExposure[] {
    return this.exposures.of(field);
  }

  /** What a visit shows of a source: the same whenever it is asked for. */
  look(source: SkySource, exposure: LsstExposure): LsstDetection | null {
    return this.lost.get(source)?.has(exposure) ? null : detectLsst(this.random, source, exposure);
  }

  /**
   * Plans the next night: what was there before is looked at again, then the visits are filled until they have exactly their alerts.
   *
   * @throws USAGE when so many sources do not find room
   */
  next(): LsstPlan {
    const { random, mark } = this;
    const { alerts, visits: visitCount, firstMjd } = this.size;
    const shared = this.ztf.next().sources.filter((source) => source.class.isReal);
    const night = ++this.night;
    const nightMjd = firstMjd + night - 1;
    if (night === 1) {
      this.pointings = choosePointings(shared, Math.min(maxPointings, Math.ceil(visitCount / 2)));
      this.exposures.add(planLsstBefore(random.fork("lsst before"), this.pointings, firstMjd, mark.visitsOff));
    }
    const size = { night, nightMjd, visits: visitCount, visitsOff: mark.visitsOff };
    const visits = this.exposures.add(planLsstVisits(random.fork("lsst cadence", night), this.pointings, size));
    const ofField = new Map(this.pointings.map((field) => [field, visits.filter((e) => e.field === field)]));
    const fields = this.pointings.filter((field) => ofField.get(field)!.length > 0);
    const filling = new NightFill<LsstExposure, LsstDetection>(night, alerts, visits);

    const fieldOf = (source: SkySource) => fields.find((f) => separation(f, source) < discDeg * 3600);
    const seenIn = (field: SkyField, source: SkySource) =>
      ofField.get(field)!.flatMap((e) => this.look(source, e) ?? []);
    const add = (source: SkySource, field: SkyField, left: number): boolean => {
      const seen = seenIn(field, source);
      if (seen.length === 0 || seen.length > Math.min(left, filling.left)) return false;
      const lasts = lastsFor(source);
      if (lasts && this.wasSeenBefore(source, field)) return false;
      if (!isFree(this.taken, source)) return false;
      filling.keep(source, seen);
      if (lasts) this.fixed.push(source);
      else if (source.positionAt && source.index >= firstIndex) this.moving.push(source);
      return true;
    };
    const birthIn = (own: Random, field: SkyField): Birth => {
      const radius = discDeg * Math.sqrt(own.uniform());
      const east = radius * own.uniform(-1, 1);
      const north = Math.sqrt(radius * radius - east * east) * (own.chance(0.5) ? 1 : -1);
      const visitMjds = ofField.get(field)!.map((e) => e.mjdUtc);
      return { mark, night, index: this.tried++, nightMjd, field, place: birthPlace(east, north), visitMjds };
    };
    const fill = (left: () => number, make: (own: Random, attempt: number) => [SkySource, SkyField]) =>
      filling.fill(left, (i) => add(...make(random.fork("lsst source", this.tried), i), left()));

    for (const source of this.fixed) {
      const field = fieldOf(source);
      filling.keepAgain(source, field ? seenIn(field, source) : [], this.lost);
    }
    for (const source of this.moving) {
      const at = source.positionAt!(visits[Math.floor(visits.length / 2)]!.mjdUtc);
      const here = { ...source, ...at, trackNight: night };
      const field = fieldOf(here);
      const seen = field ? seenIn(field, here) : [];
      if (seen.length > 0 && seen.length <= filling.left && isFree(this.taken, here)) filling.keep(here, seen);
    }
    const newLimit = night > 1 ? filling.real + Math.ceil(newShare * alerts) : 1;
    const realLimit = Math.max(newLimit, Math.round(realShare * alerts));
    const realLeft = () => realLimit - filling.real;
    for (const source of shared) {
      const field = fieldOf(source);
      // what stays is met once: had it been seen then, it would be among the others
      if (field && (source.positionAt || !this.met.has(source.index))) add(source, field, realLeft());
      this.met.add(source.index);
    }
    fill(realLeft, (own, i) => {
      const field = fields[i % fields.length]!;
      const birth = birthIn(own, field);
      return [dimmed(makeSource(own, pickClass(own, true), birth), own.uniform(1, 5.5)), field];
    });
    const recurringLeft = () => Math.round(recurringShare * alerts) - filling.recurring;
    fill(recurringLeft, (own, i) => {
      const field = fields[i % fields.length]!;
      return [lsstDipole(own, birthIn(own, field)), field];
    });
    fill(
      () => filling.left,
      (own) => {
        const exposure = filling.pickVisit(own);
        const birth = birthIn(own, exposure.field);
        return [lsstArtefact(own, pickClass(own, false), birth, exposure), exposure.field];
      },
    );
    filling.expectFull("ask for fewer alerts, or for more visits");
    const { sources, detections } = filling;
    for (const list of detections) list.sort((a, b) => a.detector - b.detector || a.source.index - b.source.index);
    for (const seen of detections.flat()) {
      if (this.listed.has(seen.source.index) && !seen.source.positionAt) continue;
      this.listed.add(seen.source.index);
      this.landmarks.push(seen);
    }
    return { night, nightMjd, visits, sources, detections };
  }

  /** A new source has no alerts of earlier nights, so none of their visits may show it. */
  private wasSeenBefore(source: SkySource, field: SkyField): boolean {
    const earlier = this.exposuresOf(field).filter((e) => e.night > 0 && e.night < this.night);
    return earlier.some((e) => detectLsst(this.random, source, e) !== null);
  }
}

/** Notes the source's cell unless it or one around it is taken. */
function isFree(taken: Set<string>, { ra, dec }: SkySource): boolean {
  const [column, row] = [Math.floor(ra / apartDeg), Math.floor(dec / apartDeg)];
  for (let i = -1; i <= 1; i++) {
    for (let j = -1; j <= 1; j++) if (taken.has(`${column + i}/${row + j}`)) return false;
  }
  taken.add(`${column}/${row}`);
  return true;
}
