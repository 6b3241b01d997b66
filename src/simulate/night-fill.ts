import { BootcampError } from "../errors";
import type { Random } from "./random";
import type { SkySource } from "./sky-source";

/** Least part of the alerts of a later night that comes from new sources that are real. */
export const newShare = 0.03;
/** Sources that are not seen, were seen before or find no room, in a row, before it is taken that there is no other. */
const mostMisses = 2000;

/** True for what stays at its place and may be seen on another night: not what moves, nor an artefact of one exposure. */
export const lastsFor = ({ startMjd, class: { isReal }, positionAt }: SkySource): boolean =>
  startMjd === Number.NEGATIVE_INFINITY || (isReal && !positionAt);

/** A night of any survey while it is planned: sources are added until it has exactly the alerts that were asked for. */
export class NightFill<
  E extends { readonly visit: number },
  D extends { readonly source: SkySource; readonly exposure: E },
> {
  readonly sources: SkySource[] = [];
  /** By visit. */
  readonly detections: D[][];
  /** Alerts of real sources, and of stars that subtract badly again and again. */
  real = 0;
  recurring = 0;
  /** Alerts that are still to be found. */
  left: number;

  constructor(
    private readonly night: number,
    private readonly alerts: number,
    private readonly visits: readonly E[],
  ) {
    this.left = alerts;
    this.detections = visits.map(() => []);
  }

  /** Adds a source with everything that the night sees of it. */
  keep(source: SkySource, seen: readonly D[]): void {
    this.sources.push(source);
    for (const d of seen) this.detections[d.exposure.visit]!.push(d);
    this.left -= seen.length;
    if (source.class.isReal) this.real += seen.length;
    else if (lastsFor(source)) this.recurring += seen.length;
  }

  /** Adds what was there on earlier nights. In a night smaller than what there is to see it was not found: that is noted in `lost`. */
  keepAgain(source: SkySource, seen: readonly D[], lost: Map<SkySource, Set<E>>): void {
    if (seen.length === 0) return;
    if (seen.length <= this.left) {
      this.keep(source, seen);
      return;
    }
    const exposures = lost.get(source) ?? new Set<E>();
    lost.set(source, exposures);
    for (const d of seen) exposures.add(d.exposure);
  }

  /**
   * Adds sources while alerts are `left`; many misses in a row mean that what is left is too small for another.
   *
   * @param add makes a source and tells whether the night took it
   */
  fill(left: () => number, add: (attempt: number) => boolean): void {
    for (let misses = 0, i = 0; this.left > 0 && left() > 0 && misses < mostMisses; i++)
      misses = add(i) ? 0 : misses + 1;
  }

  /** The exposure of the next artefact: empty visits come first. */
  pickVisit(random: Random): E {
    const empty = this.detections.findIndex((d) => d.length === 0);
    return this.visits[empty >= 0 ? empty : random.below(this.visits.length)]!;
  }

  /** @throws USAGE when so many sources did not find room */
  expectFull(remedy: string): void {
    if (this.left === 0) return;
    const { alerts, visits, night, left } = this;
    throw new BootcampError(
      "USAGE",
      `Expected room for ${alerts} alerts in ${visits.length} visits on night ${night} of the sky, found it for ${alerts - left}`,
      { remedy },
    );
  }
}
