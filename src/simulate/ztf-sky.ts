import { recurringDipole, singleArtefact } from "./artefacts";
import { type Exposure, planBefore, planFields, planVisits, type SkyField } from "./cadence";
import { placeOn } from "./camera";
import { pickClass } from "./classes";
import { Crowd } from "./crowd";
import { type Detection, detect, positionAt } from "./detect";
import { Exposures } from "./exposures";
import { lastsFor, NightFill, newShare } from "./night-fill";
import type { Random } from "./random";
import { SkyMark, type SkySize } from "./sky-mark";
import type { SkySource } from "./sky-source";
import { type Birth, makeSource } from "./sources";

/** Everything that happens in a night, before any survey makes packets of it. */
export interface NightPlan {
  /** Number of the night in its sky, from 1. */
  readonly night: number;
  readonly nightMjd: number;
  /** Tonight's, in order of time; `visits[n].visit === n`. */
  readonly visits: readonly Exposure[];
  readonly sources: readonly SkySource[];
  /** For each visit what it detected, by channel and place in it. */
  readonly detections: readonly (readonly Detection[])[];
}

/** The night of the lessons: the size of the classic exercise, on a date for whose season the fields are chosen. */
export const usualZtf = { firstMjd: 60_320, alerts: 500, visits: 50 };

/** Part of the alerts that is real. With ZTF's distributions this lets the purity cut keep 14–25 %, as it does in ZTF's stream. */
const realShare = 0.38;
/** Part of the alerts that comes from stars which subtract badly again and again. */
const recurringShare = 0.14;
/** The first sources of every sky, so that each lesson has its object. */
const firstClasses = "SNIa KN RRLyr SNII asteroid AGN EB SNIa Mira CEP DN RRLyr flare".split(" ");

/** A sky that ZTF looks at night after night: the same sources, and each night some new ones. */
export class ZtfSky {
  readonly mark: SkyMark;
  /** The nights planned so far; the last is tonight. */
  night = 0;
  /** First detection of each source of all nights, and every detection of what moves: what a catalogue of this sky has to cover. */
  readonly landmarks: Detection[] = [];
  private readonly fields: readonly SkyField[];
  private readonly exposures = new Exposures<Exposure>();
  private readonly crowd: Crowd;
  /** What stays at its place and may be seen on later nights. */
  private readonly fixed: SkySource[] = [];
  private readonly moving: SkySource[] = [];
  /** Numbers of objects, in order of their first alert: of a source that stays, and of each detection of what moves. */
  private readonly numbers = new Map<SkySource | Detection, number>();
  /** Exposures in which a source was not found, though bright enough. */
  private readonly lost = new Map<SkySource, Set<Exposure>>();
  private tried = 0;

  constructor(
    private readonly random: Random,
    private readonly size: SkySize,
  ) {
    this.mark = new SkyMark(random, size, usualZtf);
    this.fields = planFields(random.fork("fields"), size.visits);
    const { secondsOff } = this.mark;
    this.exposures.add(planBefore(random.fork("before"), this.fields, { nightMjd: size.firstMjd, secondsOff }));
    const perField = size.alerts / this.fields.length;
    // a small night is a part of the camera: a handful of its 64 channels, as full as ZTF's are
    const channels = Math.max(4, Math.min(64, Math.ceil(perField / 4)));
    this.crowd = new Crowd(channels, perField / channels > 8 ? 1000 : 100);
  }

  /** All exposures of a field so far, in order of time. */
  exposuresOf(field: SkyField): readonly Exposure[] {
    return this.exposures.of(field);
  }

  /** What an exposure shows of a source: the same whenever it is asked for. */
  look(source: SkySource, exposure: Exposure): Detection | null {
    return this.lost.get(source)?.has(exposure) ? null : detect(this.random, source, exposure);
  }

  /** Row of a detection in the table of its image: of this detection alone, in all skies. */
  rowOf({ source, exposure }: Detection): number {
    const width = this.crowd.rowsPerImage;
    const start = this.random.fork("rows", exposure.index, source.place.rcid).below(width);
    // 61 has no divisor in common with 100 or 1000: rows are shuffled, and none comes twice
    return this.mark.partOf(1000 / width) * width + ((this.crowd.rowOf(source) * 61 + start) % width);
  }

  /** Number of a detection's object in this sky. */
  numberOf(seen: Detection): number {
    return (this.numbers.get(seen.source) ?? this.numbers.get(seen))!;
  }

  /**
   * Plans the next night: what was there before is looked at again, then the sky is filled until the night has exactly its alerts.
   *
   * @throws USAGE when so many sources do not find room
   */
  next(): NightPlan {
    const { random, fields, crowd, mark } = this;
    const { alerts } = this.size;
    const night = ++this.night;
    const nightMjd = this.size.firstMjd + night - 1;
    crowd.nextNight();
    const size = { night, nightMjd, visits: this.size.visits, secondsOff: mark.secondsOff };
    const visits = this.exposures.add(planVisits(random.fork("cadence", night), fields, size));
    const byField = new Map<SkyField, Exposure[]>(fields.map((field) => [field, []]));
    for (const e of visits) byField.get(e.field)!.push(e);
    const filling = new NightFill<Exposure, Detection>(night, alerts, visits);

    const seenTonight = (source: SkySource) => byField.get(source.field)!.flatMap((e) => this.look(source, e) ?? []);
    /** Adds a source that is seen tonight for the first time, if its alerts are not more than what is left. */
    const add = (source: SkySource, left: number): boolean => {
      const seen = seenTonight(source);
      if (seen.length === 0 || seen.length > Math.min(left, filling.left)) return false;
      const lasts = lastsFor(source);
      if (lasts && this.wasSeenBefore(source)) return false;
      const places = source.positionAt ? seen.map((d) => positionAt(source, d.exposure.mjdUtc)) : [source];
      if (!crowd.admit(source, places, lasts)) return false;
      filling.keep(source, seen);
      if (lasts) this.fixed.push(source);
      else if (source.positionAt) this.moving.push(source);
      return true;
    };
    const birth = (own: Random, field: SkyField): Birth => {
      const index = this.tried++;
      const place = crowd.findPlace(own, field);
      const visitMjds = byField.get(field)!.map((e) => e.mjdUtc);
      return { mark, night, index, nightMjd, field, place, visitMjds };
    };
    const fill = (left: () => number, make: (own: Random, attempt: number) => SkySource) =>
      filling.fill(left, (i) => add(make(random.fork("source", this.tried), i), left()));

    for (const source of this.fixed) filling.keepAgain(source, seenTonight(source), this.lost);
    for (const source of this.moving) {
      const here = fields.flatMap((field) => movedTo(source, field, night, byField.get(field)!) ?? [])[0];
      const seen = here ? seenTonight(here) : [];
      if (!here || seen.length === 0 || seen.length > filling.left) continue;
      const places = seen.map((d) => positionAt(here, d.exposure.mjdUtc));
      if (crowd.admit(here, places, false)) filling.keep(here, seen);
    }
    // some are new, however many of yesterday's are here
    const realLimit = Math.max(
      Math.round(realShare * alerts),
      night > 1 ? filling.real + Math.ceil(newShare * alerts) : 0,
    );
    const realLeft = () => realLimit - filling.real;
    for (const name of night === 1 ? firstClasses : []) {
      // the first attempt that is seen; a Mira near its mean, say, is not
      for (let i = 0; i < 20; i++) {
        const own = random.fork("source", this.tried);
        if (add(makeSource(own, name, birth(own, own.pick(fields))), realLeft())) break;
      }
    }
    fill(realLeft, (own, i) => makeSource(own, pickClass(own, true), birth(own, fields[i % fields.length]!)));
    const recurringLeft = () => Math.round(recurringShare * alerts) - filling.recurring;
    fill(recurringLeft, (own) => recurringDipole(own, birth(own, own.pick(fields))));
    // the rest are artefacts of single exposures
    fill(
      () => filling.left,
      (own) => {
        const exposure = filling.pickVisit(own);
        return singleArtefact(own, pickClass(own, false), birth(own, exposure.field), exposure);
      },
    );
    filling.expectFull("ask for fewer alerts, or for more visits: every third visit is another field");
    const { sources, detections } = filling;
    for (const list of detections)
      list.sort((a, b) => a.source.place.rcid - b.source.place.rcid || a.source.index - b.source.index);
    for (const seen of detections.flat()) {
      const key = seen.source.positionAt ? seen : seen.source;
      if (this.numbers.has(key)) continue;
      this.numbers.set(key, this.numbers.size);
      this.landmarks.push(seen);
    }
    return { night, nightMjd, visits, sources, detections };
  }

  /** A new source has no alerts of earlier nights, so none of their exposures may show it. */
  private wasSeenBefore(source: SkySource): boolean {
    const earlier = this.exposuresOf(source.field).filter((e) => e.night > 0 && e.night < this.night);
    return earlier.some((e) => detect(this.random, source, e) !== null);
  }
}

/** What moves, as a source of tonight's: where its track of this night lies; null when it is not on the camera. */
function movedTo(source: SkySource, field: SkyField, night: number, exposures: readonly Exposure[]): SkySource | null {
  const middle = exposures[Math.floor(exposures.length / 2)];
  if (!middle) return null;
  const at = source.positionAt!(middle.mjdUtc);
  const place = placeOn(field, at);
  return place && { ...source, ...at, field, place, trackNight: night };
}
