import type { Exposure } from "./cadence";
import type { Detection } from "./detect";
import { nJyOf } from "./numeric";
import type { Random } from "./random";
import type { SkySource } from "./sky-source";
import type { ZtfSky } from "./ztf-sky";

/** What the exposures of the sky, and the years before them, knew of a place. */
export interface Past {
  /** Exposures of the field in the 30 days before now, with what they detected there. */
  readonly earlier: readonly { exposure: Exposure; seen: Detection | null }[];
  /** All detections and exposures ever, this one among them. */
  readonly detectionCount: number;
  readonly exposureCount: number;
  /** First detection ever, MJD. */
  readonly firstMjd: number;
}

const windowDays = 30;
/** Looks that are kept, so that alerts of one object need not look again; some hundred bytes each. */
const keptLooks = 100_000;

/** Looks back: what the same field's earlier exposures saw of a source. */
export class Archive {
  private kept = new Map<SkySource, Map<number, Detection | null>>();
  private looks = 0;

  constructor(
    private readonly random: Random,
    private readonly sky: ZtfSky,
    private readonly firstNightMjd: number,
  ) {}

  /** What was known of the source with this detection. */
  pastOf(seen: Detection): Past {
    const { source, exposure } = seen;
    const all = this.sky
      .exposuresOf(exposure.field)
      .filter((e) => e.index < exposure.index)
      .map((e) => ({ exposure: e, seen: this.look(source, e) }));
    const detected = all.filter((e) => e.seen);
    const before = this.yearsBefore(source);
    return {
      earlier: all.filter((e) => e.exposure.mjdUtc > exposure.mjdUtc - windowDays),
      detectionCount: before.detections + detected.length + 1,
      exposureCount: before.exposures + all.length + 1,
      firstMjd: before.detections > 0 ? before.firstMjd : (detected[0]?.exposure.mjdUtc ?? exposure.mjdUtc),
    };
  }

  /** Before the first exposure of the sky: the same on every night. */
  private yearsBefore(source: SkySource): { detections: number; exposures: number; firstMjd: number } {
    const random = this.random.fork("past", source.index);
    const exposures = Math.round(random.logNormal(1000, 0.5));
    const none = { detections: 0, exposures, firstMjd: Number.NaN };
    const windowStart = this.firstNightMjd - windowDays;
    if (source.positionAt || source.startMjd >= windowStart) return none;
    if (source.startMjd === Number.NEGATIVE_INFINITY) {
      const window = this.sky.exposuresOf(source.field).filter((e) => e.night === 0);
      const share = window.filter((e) => this.look(source, e)).length / Math.max(1, window.length);
      const detections = Math.min(exposures, Math.round(share * exposures * random.uniform(0.7, 1.1)));
      const firstMjd = 58_200 + random.uniform(0, 900) + (detections < 5 ? random.uniform(0, 800) : 0);
      return { detections, exposures, firstMjd };
    }
    // a transient older than the window: the nights on which it was bright enough, every second one
    let [detections, firstMjd] = [0, Number.NaN];
    for (let mjd = source.startMjd; mjd < windowStart; mjd += 2) {
      if (Math.abs(source.differenceNJy(mjd, "r")) < nJyOf(20.4)) continue;
      if (detections === 0) firstMjd = mjd + random.uniform(0, 0.4);
      detections++;
    }
    return { detections, exposures, firstMjd };
  }

  private look(source: SkySource, exposure: Exposure): Detection | null {
    // what moves was not at this place before, and an artefact of one exposure never
    if (source.positionAt || (!source.class.isReal && source.startMjd > 0)) return null;
    if (this.looks > keptLooks) [this.kept, this.looks] = [new Map(), 0];
    let known = this.kept.get(source);
    if (!known) this.kept.set(source, (known = new Map()));
    let seen = known.get(exposure.index);
    if (seen === undefined) {
      known.set(exposure.index, (seen = this.sky.look(source, exposure)));
      this.looks++;
    }
    return seen;
  }
}
