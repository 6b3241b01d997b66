import { rounded } from "./numeric";
import type { Random } from "./random";

/** One pointing of the telescope: 30 s of one field in one band. */
export interface Exposure {
  /** Its place in the list of all exposures of the sky, in order of time. */
  readonly index: number;
  /** Number of the visit within the night, from 0; −1 for the 30 days before. */
  readonly visit: number;
  readonly field: SkyField;
  readonly band: "g" | "r" | "i";
  /** Start, UTC, rounded as ZTF prints it (1e-7 days). */
  readonly mjdUtc: number;
  /** Full width at half maximum of a star, pixels of 1.01″. */
  readonly fwhmPx: number;
  /** Difference magnitude of a 5 sigma detection. */
  readonly limitMag: number;
  /** Magnitude that gives 1 DN. */
  readonly zeroPoint: number;
  /** Sky level in DN per pixel. */
  readonly skyDn: number;
}

export interface SkyField {
  /** Number in the ZTF grid of fields. */
  readonly id: number;
  /** Centre, degrees. */
  readonly ra: number;
  readonly dec: number;
  /** Stars and galaxies of the reference catalogue expected within 30″ of a place, from the galactic latitude. */
  readonly density: number;
}

// Field number, centre and galactic latitude in degrees from the grid of ZTF's fields (ztf_information, field_grid); chosen
// for a January night at Palomar, in the order in which they cross the meridian.
const grid: [id: number, ra: number, dec: number, latitude: number][] = [
  [556, 44.87418, 18.95, -33.9],
  [606, 46.1152, 26.15, -27.3],
  [506, 50.66337, 11.75, -36.0],
  [557, 52.124, 18.95, -29.7],
  [507, 57.64762, 11.75, -31.1],
  [656, 62.84456, 33.35, -12.6],
  [559, 66.62364, 18.95, -19.9],
  [609, 68.692, 26.15, -13.8],
  [510, 78.60038, 11.75, -14.8],
  [562, 88.37309, 18.95, -3.0],
  [613, 98.72857, 26.15, 8.9],
  [564, 102.73929, 18.95, 9.0],
  [514, 106.74867, 11.75, 9.3],
  [615, 113.692, 26.15, 21.2],
  [663, 117.64379, 33.35, 26.7],
  [516, 121.29889, 11.75, 22.2],
  [567, 123.89878, 18.95, 27.3],
  [617, 128.65543, 26.15, 33.9],
  [665, 133.35036, 33.35, 39.5],
  [518, 135.84911, 11.75, 35.1],
  [569, 138.00511, 18.95, 39.8],
  [619, 143.61886, 26.15, 46.8],
  [520, 150.39933, 11.75, 47.8],
  [571, 152.11144, 18.95, 52.3],
  [668, 156.91021, 33.35, 59.1],
  [621, 158.58229, 26.15, 60.0],
  [522, 164.94956, 11.75, 60.0],
  [573, 166.21777, 18.95, 64.7],
  [670, 172.61679, 33.35, 72.1],
  [524, 179.49978, 11.75, 70.3],
];

/** Start of the first exposure and length of the night in hours UTC: Palomar in January. */
const nightStartHour = 3;
const nightHours = 10;
/** Exposure and overhead: a visit every 40 s (Bellm et al. 2019 give 30 s and about 10 s). */
export const secondsPerSlot = 40;
/** Most visits that fit the night. */
export const maxVisits = 800;
const fieldsPerBlock = 6;

/**
 * All exposures of the night and of the 30 days before it, in order of time.
 *
 * The fields are taken in blocks of six; each block is gone through three times or more, in g, then r, then g, r or i, well over
 * half an hour apart, so that a moving thing can be told from a fixed one within the night.
 *
 * @param nightMjd whole MJD of the night, UTC
 */
export function planExposures(random: Random, nightMjd: number, visits: number): Exposure[] {
  const count = Math.min(grid.length, Math.ceil(visits / 3));
  const fields: SkyField[] = Array.from({ length: count }, (_, i) => {
    const [id, ra, dec, latitude] = grid[Math.floor(((i + 0.5) * grid.length) / count)]!;
    return { id, ra, dec, density: 4 + 26 * (1 - Math.min(1, Math.abs(latitude) / 45)) * random.uniform(0.7, 1.2) };
  });
  const blocks = Math.ceil(count / fieldsPerBlock);
  const passes = Math.ceil(visits / count);
  // not longer, so that an asteroid stays within two minutes of arc over all passes
  const hoursPerPass = Math.min(1.2, nightHours / blocks / passes);
  const drafts: Omit<Exposure, "index">[] = [];

  const slots: { field: SkyField; slot: number; hour: number; pass: number }[] = [];
  for (let pass = 0; pass < passes; pass++) {
    fields.forEach((field, i) => {
      const block = Math.floor(i / fieldsPerBlock);
      const hour = nightStartHour + (block * nightHours) / blocks + pass * hoursPerPass;
      slots.push({ field, slot: i % fieldsPerBlock, hour, pass });
    });
  }
  const tonight = slots
    .slice(0, visits)
    .map((s) => ({ ...s, mjd: nightMjd + s.hour / 24 + (s.slot * secondsPerSlot) / 86400 }))
    .sort((a, b) => a.mjd - b.mjd);
  const seeing = random.uniform(1.9, 2.3);
  const losses = new Map(fields.map((field) => [field, random.normal(0, 0.26)])); // airmass, Moon and haze differ by field
  tonight.forEach(({ field, mjd, pass }, visit) => {
    const band = pass % 3 === 0 ? "g" : pass % 3 === 1 ? "r" : field.id % 7 === 0 ? "i" : pass % 2 === 0 ? "g" : "r";
    drafts.push(expose(random, field, visit, mjd, band, seeing, losses.get(field)!));
  });
  fields.forEach((field, i) => {
    const block = Math.floor(i / fieldsPerBlock);
    drafts.push(
      ...history(random.fork("history", field.id), field, nightMjd, nightStartHour + (block * nightHours) / blocks),
    );
  });
  return drafts.sort((a, b) => a.mjdUtc - b.mjdUtc).map((draft, index) => ({ index, ...draft }));
}

/** The 30 days before: three nights of five, one to three visits each; clouds and the Moon change the depth. */
function history(random: Random, field: SkyField, nightMjd: number, startHour: number): Omit<Exposure, "index">[] {
  const exposures: Omit<Exposure, "index">[] = [];
  for (let night = 29; night >= 1; night--) {
    if (!random.chance(0.6)) continue;
    const seeing = random.uniform(1.7, 2.9);
    const loss = random.chance(0.25) ? random.uniform(0.2, 1.2) : random.uniform(-0.15, 0.2);
    let hour = Math.max(2.2, startHour + random.uniform(-1.5, 2));
    const times = 1 + random.below(3);
    const first = random.below(2);
    for (let i = 0; i < times; i++) {
      const band = random.chance(0.06) ? "i" : (i + first) % 2 === 0 ? "g" : "r";
      exposures.push(expose(random, field, -1, nightMjd - night + hour / 24, band, seeing, loss));
      hour += random.uniform(0.6, 1.4);
    }
  }
  return exposures;
}

function expose(
  random: Random,
  field: SkyField,
  visit: number,
  mjd: number,
  band: Exposure["band"],
  seeing: number,
  loss: number,
): Omit<Exposure, "index"> {
  const depth = { g: 20.4, r: 20.25, i: 19.8 }[band];
  const zero = { g: 26.28, r: 26.2, i: 25.7 }[band];
  const sky = { g: 110, r: 190, i: 330 }[band];
  return {
    visit,
    field,
    band,
    mjdUtc: rounded(mjd + random.uniform(0, 4) / 86400, 7),
    fwhmPx: rounded(seeing * random.uniform(0.95, 1.1), 4),
    limitMag: rounded(depth - loss - (seeing - 2) * 0.4 + random.normal(0, 0.06), 4),
    zeroPoint: rounded(zero - 0.4 * Math.max(0, loss) + random.normal(0, 0.03), 5),
    skyDn: rounded(sky * random.uniform(0.8, 1.3), 3),
  };
}
