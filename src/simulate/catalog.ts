import { expectArgument } from "../expect";
import { offset, separation } from "./camera";
import { catalogId } from "./neighbours";
import { clamp } from "./numeric";
import type { PacketMaker, Seen, SkyPlan } from "./packet-maker";
import type { Random } from "./random";
import { toCsv } from "./truth";

/** A row of the catalogue that belongs to a simulated sky. */
export interface CatalogRow {
  readonly id: bigint;
  /** Degrees ICRS, with errors of 0.1–0.3″ per axis. */
  readonly ra: number;
  readonly dec: number;
  /** A contaminant is no object at all: a halo or spike of a bright star that the catalogue took for one. */
  readonly kind: "star" | "galaxy" | "contaminant";
  /** Type of a known variable star (RRAB, EA, DCEP, M, …) or active galaxy; "" where none is known. */
  readonly type: string;
  /** AB magnitude in r. */
  readonly mag: number;
  /** NaN where none was measured. */
  readonly redshift: number;
}

/**
 * The catalogue around everything that this night and those before it saw: stars, galaxies, and contaminants near bright stars. A few variable stars
 * are missing from it, a few are there without their type. Sorted by right ascension.
 */
export function catalogOf<S extends Seen>(seed: Random, plan: SkyPlan<S>, packets: PacketMaker<S>): CatalogRow[] {
  const rows: CatalogRow[] = [];
  const listed = new Set<bigint>();
  for (const seen of plan.landmarks) {
    for (const neighbour of packets.neighbours(seen)) {
      const { ra, dec, kind, type, mags, redshift, isListed } = neighbour;
      const id = catalogId(neighbour);
      if (!isListed || listed.has(id)) continue;
      listed.add(id);
      rows.push({ id, ra, dec, kind, type, mag: mags.r, redshift });
      if (kind === "star" && mags.r < 15)
        rows.push(...contaminants(seed.fork("halo", Number(id % 1_000_000_007n)), rows.at(-1)!, seen));
    }
  }
  return rows.sort((a, b) => a.ra - b.ra);
}

/** One to three false entries 2–9″ from a bright star, but never on the alert itself. */
function contaminants(random: Random, star: CatalogRow, seen: Seen): CatalogRow[] {
  const rows = Array.from({ length: 1 + random.below(3) }, (_, k) => {
    const away = random.uniform(2, 9);
    const east = away * random.uniform(-1, 1);
    const north = Math.sqrt(away * away - east * east) * (random.chance(0.5) ? 1 : -1);
    const mag = clamp(star.mag + random.uniform(4, 7), 15, 22.5);
    const place = offset(star, east, north);
    return {
      ...place,
      id: star.id + BigInt(k + 1) * 1_000_000_000_000_000_000n,
      kind: "contaminant" as const,
      type: "",
      mag,
      redshift: Number.NaN,
    };
  });
  return rows.filter((row) => separation(row, seen) > 0.8);
}

/** The catalogue as CSV: id, ra, dec, kind, type, mag, redshift. */
export function toCatalogCsv(rows: readonly CatalogRow[]): string {
  expectArgument("objects", rows, "the catalogue of a simulated night");
  return toCsv(rows, ["id", "ra", "dec", "kind", "type", "mag", "redshift"]);
}
