import type { Exposure } from "./cadence";
import { type Detection, detect } from "./detect";
import { nJyOf } from "./numeric";
import type { NightPlan } from "./plan";
import type { Random } from "./random";
import type { SkySource } from "./sky-source";

/** What the 30 days before, and the years before those, knew of a place. */
export interface Past {
  /** Exposures of the field before now, with what they detected there. */
  readonly earlier: readonly { exposure: Exposure; seen: Detection | null }[];
  readonly priorDetections: number;
  readonly priorExposures: number;
  /** First detection ever, MJD. */
  readonly firstMjd: number;
}

/** Looks back: what the same field's earlier exposures saw of a source. */
export class Archive {
  private readonly byField = new Map<number, Exposure[]>();
  private readonly known = new Map<SkySource, Map<number, Detection | null>>();

  constructor(
    private readonly seed: Random,
    plan: NightPlan,
  ) {
    for (const e of plan.exposures) {
      const list = this.byField.get(e.field.id);
      if (list) list.push(e);
      else this.byField.set(e.field.id, [e]);
    }
    for (const seen of plan.detections.flat()) {
      // tonight's stay the same objects, so that they can be told by identity
      const known = this.known.get(seen.source) ?? new Map<number, Detection | null>();
      this.known.set(seen.source, known.set(seen.exposure.index, seen));
    }
  }

  /** What was known of the source before this detection. */
  pastOf(seen: Detection): Past {
    const { source, exposure } = seen;
    const random = this.seed.fork("past", source.index);
    const earlier = this.byField
      .get(exposure.field.id)!
      .filter((e) => e.mjdUtc < exposure.mjdUtc)
      .map((e) => ({ exposure: e, seen: this.look(source, e) }));
    const priorExposures = Math.round(random.logNormal(1000, 0.5));
    const firstSeen = earlier.find((e) => e.seen)?.exposure.mjdUtc ?? exposure.mjdUtc;
    const none = { earlier, priorDetections: 0, priorExposures, firstMjd: firstSeen };
    const windowStart = exposure.mjdUtc - 30;
    if (source.positionAt || source.startMjd >= windowStart) return none;
    if (source.startMjd === Number.NEGATIVE_INFINITY) {
      const window = this.byField.get(exposure.field.id)!.filter((e) => e.visit < 0);
      const share = window.filter((e) => this.look(source, e)).length / Math.max(1, window.length);
      const priorDetections = Math.min(priorExposures, Math.round(share * priorExposures * random.uniform(0.7, 1.1)));
      const firstMjd = 58_200 + random.uniform(0, 900) + (priorDetections < 5 ? random.uniform(0, 800) : 0);
      return priorDetections > 0 ? { ...none, priorDetections, firstMjd } : none;
    }
    // a transient older than the window: the nights on which it was bright enough, every second one
    let [priorDetections, firstMjd] = [0, firstSeen];
    for (let mjd = source.startMjd; mjd < windowStart; mjd += 2) {
      if (Math.abs(source.differenceNJy(mjd, "r")) < nJyOf(20.4)) continue;
      if (priorDetections === 0) firstMjd = mjd + random.uniform(0, 0.4);
      priorDetections++;
    }
    return { ...none, priorDetections, firstMjd };
  }

  private look(source: SkySource, exposure: Exposure): Detection | null {
    // what moves was not at this place before, and an artefact of one exposure never
    if (source.positionAt || (!source.class.isReal && source.startMjd > 0)) return null;
    let known = this.known.get(source);
    if (!known) this.known.set(source, (known = new Map()));
    let seen = known.get(exposure.index);
    if (seen === undefined) known.set(exposure.index, (seen = detect(this.seed, source, exposure)));
    return seen;
  }
}
