import type { SkyField } from "./cadence";
import { separation } from "./camera";
import { sourceClasses } from "./classes";
import { lsstArtefact, lsstDipole } from "./lsst-artefacts";
import { type LsstExposure, maxPointings, planLsstExposures } from "./lsst-cadence";
import { birthPlace, discDeg } from "./lsst-camera";
import { detectLsst, type LsstDetection } from "./lsst-detect";
import { planNight } from "./plan";
import type { Random } from "./random";
import type { SkySource } from "./sky-source";
import { dimmed, makeSource } from "./sources";

/** Everything that happens in a night of LSST. */
export interface LsstPlan {
  readonly nightMjd: number;
  readonly exposures: readonly LsstExposure[];
  /** Tonight's, in order of time; `visits[n].visit === n`. */
  readonly visits: readonly LsstExposure[];
  readonly sources: readonly SkySource[];
  readonly detections: readonly (readonly LsstDetection[])[];
}

/** Half of the alerts are real: more than Rubin's stream of 2026 has, for there is more to teach on them. */
const realShare = 0.5;
const recurringShare = 0.2;
/** Sources of LSST alone are numbered from here, those that ZTF sees as well by ZTF's numbers. */
const firstIndex = 1_010_000;
/** Two sources are never nearer, degrees. */
const apartDeg = 12 / 3600;

/**
 * Points the camera at what the ZTF night of the same seed has seen, and fills the visits with fainter sources of the same kinds
 * until there are exactly `alerts` detections.
 */
export function planLsst(seed: Random, nightMjd: number, alerts: number, visits: number): LsstPlan {
  // the ZTF night as it is by default: 500 alerts in 50 visits; its artefacts belong to its own camera
  const shared = planNight(seed, nightMjd, 500, 50).sources.filter((source) => source.class.isReal);
  const pointings = choosePointings(shared, Math.min(maxPointings, Math.ceil(visits / 2)));
  const exposures = planLsstExposures(seed.fork("lsst cadence"), nightMjd, visits, pointings);
  const tonight = exposures.filter((e) => e.visit >= 0);
  const ofField = new Map(pointings.map((field) => [field, tonight.filter((e) => e.field === field)]));
  const seen = pointings.filter((field) => ofField.get(field)!.length > 0);
  const sources: SkySource[] = [];
  const detections: LsstDetection[][] = tonight.map(() => []);
  const taken = new Set<string>();
  let total = 0;
  let tried = firstIndex;

  const add = (source: SkySource, field: SkyField, limit: number): boolean => {
    const found = ofField.get(field)!.flatMap((e) => detectLsst(seed, source, e) ?? []);
    if (found.length === 0 || total + found.length > limit || !isFree(taken, source)) return false;
    sources.push(source);
    for (const d of found) detections[d.exposure.visit]!.push(d);
    total += found.length;
    return true;
  };
  const birthIn = (random: Random, field: SkyField) => {
    const radius = discDeg * Math.sqrt(random.uniform());
    const east = radius * random.uniform(-1, 1);
    const north = Math.sqrt(radius * radius - east * east) * (random.chance(0.5) ? 1 : -1);
    const visitMjds = ofField.get(field)!.map((e) => e.mjdUtc);
    return { index: tried, nightMjd, field, place: birthPlace(east, north), visitMjds };
  };
  const fill = (limit: number, make: (random: Random, field: SkyField) => SkySource) => {
    for (let misses = 0, i = 0; total < limit && misses < 400; i++) {
      const field = seen[i % seen.length]!;
      const random = seed.fork("lsst source", tried++);
      misses = add(make(random, field), field, limit) ? 0 : misses + 1;
    }
  };

  const realLimit = Math.max(1, Math.round(realShare * alerts));
  for (const source of shared) {
    const field = seen.find((f) => separation(f, source) < discDeg * 3600);
    if (field) add(source, field, realLimit);
  }
  const kinds = sourceClasses.filter((c) => c.isReal);
  const shares = kinds.map((c) => c.share);
  fill(realLimit, (random, field) => {
    const birth = birthIn(random, field);
    return dimmed(makeSource(random, kinds[random.weighted(shares)]!.name, birth), random.uniform(1, 5.5));
  });
  fill(total + Math.round(recurringShare * alerts), (random, field) => {
    const { index, place } = birthIn(random, field);
    return lsstDipole(random, index, field, place);
  });
  const artefacts = sourceClasses.filter((c) => !c.isReal);
  const weights = artefacts.map((c) => c.share);
  for (let misses = 0; total < alerts && misses < 2000; ) {
    const random = seed.fork("lsst artefact", tried++);
    const empty = detections.findIndex((d) => d.length === 0);
    const exposure = tonight[empty >= 0 ? empty : random.below(tonight.length)]!;
    const { index, place } = birthIn(random, exposure.field);
    const name = artefacts[random.weighted(weights)]!.name;
    misses = add(lsstArtefact(random, name, index, exposure, place), exposure.field, alerts) ? 0 : misses + 1;
  }
  for (const list of detections) list.sort((a, b) => a.detector - b.detector || a.source.index - b.source.index);
  return { nightMjd, exposures, visits: tonight, sources, detections };
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

/** Fields of Rubin's size, none over another, that hold as many of the sources as possible; new classes count three times. */
function choosePointings(sources: readonly SkySource[], count: number): SkyField[] {
  const chosen: SkyField[] = [];
  const classes = new Set<string>();
  const inside = (centre: { ra: number; dec: number }) =>
    sources.filter((s) => separation(centre, s) < (discDeg - 0.1) * 3600);
  while (chosen.length < count) {
    let [best, bestScore] = [undefined as SkySource | undefined, 0];
    for (const centre of sources) {
      const isFar = chosen.every((f) => separation(f, centre) > 3.5 * 3600);
      // south of 24°: further north Rubin looks through twice the air
      if (!isFar || centre.dec > 24 || (chosen[0] && Math.abs(centre.ra - chosen[0].ra) > 50)) continue;
      const score = inside(centre).reduce((sum, s) => sum + (classes.has(s.class.name) ? 1 : 3), 0);
      if (score > bestScore) [best, bestScore] = [centre, score];
    }
    if (!best) break; // the sky that ZTF saw is covered
    for (const s of inside(best)) classes.add(s.class.name);
    chosen.push({ ...best.field, id: chosen.length + 1, ra: best.ra, dec: best.dec });
  }
  return chosen.sort((a, b) => a.ra - b.ra);
}
