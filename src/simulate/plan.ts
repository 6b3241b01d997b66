import { recurringDipole, singleArtefact } from "./artefacts";
import { type Exposure, planExposures, type SkyField } from "./cadence";
import { channelHeight, channelWidth, separation } from "./camera";
import { sourceClasses } from "./classes";
import { type Detection, detect, positionAt } from "./detect";
import type { Random } from "./random";
import type { CameraPlace, Position, SkySource } from "./sky-source";
import { type Birth, makeSource } from "./sources";

/** Everything that happens in a night, before any survey makes packets of it. */
export interface NightPlan {
  readonly nightMjd: number;
  /** Of the night and of the 30 days before, in order of time. */
  readonly exposures: readonly Exposure[];
  /** Tonight's, in order of time; `visits[n].visit === n`. */
  readonly visits: readonly Exposure[];
  readonly sources: readonly SkySource[];
  /** For each visit what it detected, by channel and place in it. */
  readonly detections: readonly (readonly Detection[])[];
}

/** Part of the alerts that is real. With ZTF's distributions this lets the purity cut keep 14–25 %, as it does in ZTF's stream. */
const realShare = 0.38;
/** Part of the alerts that comes from stars which subtract badly again and again. */
const recurringShare = 0.14;
/** The first sources of every night, so that each lesson has its object. */
const firstClasses = [
  "SNIa",
  "KN",
  "RRLyr",
  "SNII",
  "asteroid",
  "AGN",
  "EB",
  "SNIa",
  "Mira",
  "CEP",
  "DN",
  "RRLyr",
  "flare",
];

/** Fills the sky until the night has exactly `alerts` detections in `visits` exposures. */
export function planNight(seed: Random, nightMjd: number, alerts: number, visits: number): NightPlan {
  const exposures = planExposures(seed.fork("cadence"), nightMjd, visits);
  const tonight = exposures.filter((e) => e.visit >= 0);
  const byField = new Map<SkyField, Exposure[]>();
  for (const e of tonight) byField.set(e.field, [...(byField.get(e.field) ?? []), e]);
  const fields = [...byField.keys()];
  // a small night is a part of the camera: a handful of its 64 channels, as full as ZTF's are
  const channels = Math.max(4, Math.min(64, Math.ceil(alerts / fields.length / 4)));
  const crowd = new Crowd(channels);
  const sources: SkySource[] = [];
  const detections: Detection[][] = tonight.map(() => []);
  let total = 0;
  let tried = 0;

  const birth = (random: Random, field: SkyField): Birth => ({
    index: tried++,
    nightMjd,
    field,
    place: crowd.findPlace(random, field),
    visitMjds: byField.get(field)!.map((e) => e.mjdUtc),
  });
  /** Adds the source if it is seen tonight and its alerts fit into what is left. */
  const add = (source: SkySource, limit: number) => {
    const seen = byField.get(source.field)!.flatMap((e) => detect(seed, source, e) ?? []);
    if (seen.length === 0 || total + seen.length > limit) return false;
    if (
      !crowd.admit(
        source,
        seen.map((d) => positionAt(source, d.exposure.mjdUtc)),
      )
    )
      return false;
    sources.push(source);
    for (const d of seen) detections[d.exposure.visit]!.push(d);
    total += seen.length;
    return true;
  };
  /** Makes sources until `limit` is reached; a few misses in a row mean that what is left is too small for another. */
  const fill = (limit: number, make: (random: Random, attempt: number) => SkySource) => {
    let misses = 0;
    for (let i = 0; total < limit && misses < 60; i++)
      misses = add(make(seed.fork("source", tried), i), limit) ? 0 : misses + 1;
  };

  const realLimit = Math.round(realShare * alerts);
  for (const name of firstClasses) {
    // the first attempt that is seen; a Mira near its mean, say, is not
    for (let i = 0; i < 20; i++) {
      const random = seed.fork("source", tried);
      if (add(makeSource(random, name, birth(random, random.pick(fields))), realLimit)) break;
    }
  }
  const kinds = sourceClasses.filter((c) => c.isReal);
  const shares = kinds.map((c) => c.share);
  fill(realLimit, (random, i) =>
    makeSource(random, kinds[random.weighted(shares)]!.name, birth(random, fields[i % fields.length]!)),
  );
  fill(total + Math.round(recurringShare * alerts), (random) =>
    recurringDipole(random, birth(random, random.pick(fields))),
  );

  // the rest are artefacts of single exposures; empty visits come first
  const artefacts = sourceClasses.filter((c) => !c.isReal);
  const artefactShares = artefacts.map((c) => c.share);
  for (let misses = 0; total < alerts && misses < 1000; ) {
    const random = seed.fork("source", tried);
    const empty = detections.findIndex((d) => d.length === 0);
    const exposure = tonight[empty >= 0 ? empty : random.below(tonight.length)]!;
    const name = artefacts[random.weighted(artefactShares)]!.name;
    if (!add(singleArtefact(random, name, birth(random, exposure.field), exposure), alerts)) misses++;
  }
  for (const list of detections)
    list.sort((a, b) => a.source.place.rcid - b.source.place.rcid || a.source.index - b.source.index);
  return { nightMjd, exposures, visits: tonight, sources, detections };
}

/** Keeps sources 110″ apart, so that one source's neighbours are not another's. */
class Crowd {
  private readonly taken = new Map<string, { source: SkySource; at: Position }[]>();

  constructor(private readonly channels: number) {}

  findPlace(random: Random, field: SkyField): CameraPlace {
    const rcid = (random.below(this.channels) * 23 + field.id * 7) % 64; // 23 steps through all 64
    return { rcid, x: random.uniform(70, channelWidth - 70), y: random.uniform(70, channelHeight - 70) };
  }

  /** Notes the source's places, unless another source is too near. */
  admit(source: SkySource, places: readonly Position[]): boolean {
    for (const at of places) {
      for (const key of this.cells(at)) {
        for (const other of this.taken.get(key) ?? []) {
          if (other.source !== source && separation(at, other.at) < 110) return false;
        }
      }
    }
    for (const at of places) {
      const key = this.cells(at)[0]!;
      const list = this.taken.get(key);
      if (list) list.push({ source, at });
      else this.taken.set(key, [{ source, at }]);
    }
    return true;
  }

  /** The cell of a place, 0.1° on a side (the fields end at 37° north), and the eight around it. */
  private cells({ ra, dec }: Position): string[] {
    const [column, row] = [Math.floor(ra * 10), Math.floor(dec * 10)];
    const keys = [`${column}/${row}`];
    for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) if (i || j) keys.push(`${column + i}/${row + j}`);
    return keys;
  }
}
