import type { SkyField } from "./cadence";
import { separation } from "./camera";
import { discDeg } from "./lsst-camera";
import type { SkySource } from "./sky-source";

/** Fields of Rubin's size, none over another, that hold as many of the sources as possible; new classes count three times. */
export function choosePointings(sources: readonly SkySource[], count: number): SkyField[] {
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
