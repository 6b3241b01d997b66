import { rounded } from "./numeric";
import type { Random } from "./random";

/** One pointing of the telescope: 30 s of one field in one band. */
export interface Exposure {
  /** Its place in the list of all exposures of the sky, in order of time. */
  readonly index: number;
  /** Night of the sky, from 1; 0 for the 30 days before the first. */
  readonly night: number;
  /** Number of the visit within its night, from 0; −1 for the 30 days before the first. */
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

/** Exposure and overhead: a visit every 40 s (Bellm et al. 2019 give 30 s and about 10 s). */
export const secondsPerSlot = 40;
const slotsPerHour = 3600 / secondsPerSlot;
/** Start of the first exposure and length of the night in slots: Palomar in January, from 3 h UTC, ten hours. */
const nightStart = 3 * slotsPerHour;
const nightSlots = 10 * slotsPerHour;
/** Not longer from pass to pass, so that an asteroid stays within two minutes of arc over all passes of a night. */
const longestPass = 1.2 * slotsPerHour;
/** Most visits that fit the night. */
export const maxVisits = 800;
const fieldsPerBlock = 6;

/** How many fields a night of so many visits goes to: each three times, thirty at most. */
export const fieldCount = (visits: number): number => Math.min(grid.length, Math.ceil(visits / 3));

/** The fields of a sky, in the order in which they cross the meridian. */
export function planFields(random: Random, visits: number): SkyField[] {
  const count = fieldCount(visits);
  return Array.from({ length: count }, (_, i) => {
    const [id, ra, dec, latitude] = grid[Math.floor(((i + 0.5) * grid.length) / count)]!;
    return { id, ra, dec, density: 4 + 26 * (1 - Math.min(1, Math.abs(latitude) / 45)) * random.uniform(0.7, 1.2) };
  });
}

type Draft = Omit<Exposure, "index">;

/** Time of a slot of a night. All exposures of a sky are `secondsOff` after a whole slot: see {@link SkyMark}. */
const timeOf = (nightMjd: number, slot: number, secondsOff: number) =>
  nightMjd + (slot * secondsPerSlot + secondsOff) / 86_400;

/** First slot of the block of a field: blocks of six follow each other through the night. */
function blockStart(fields: number, i: number): number {
  const blocks = Math.ceil(fields / fieldsPerBlock);
  return nightStart + Math.floor((Math.floor(i / fieldsPerBlock) * nightSlots) / blocks);
}

/**
 * The exposures of one night, in order of time.
 *
 * The fields are taken in blocks of six; each block is gone through three times or more, in g, then r, then g, r or i, well over
 * half an hour apart, so that a moving thing can be told from a fixed one within the night.
 *
 * @param nightMjd whole MJD of the night, UTC
 */
export function planVisits(
  random: Random,
  fields: readonly SkyField[],
  { night, nightMjd, visits, secondsOff }: { night: number; nightMjd: number; visits: number; secondsOff: number },
): Draft[] {
  const passes = Math.ceil(visits / fields.length);
  const blocks = Math.ceil(fields.length / fieldsPerBlock);
  const slotsPerPass = Math.floor(Math.min(longestPass, nightSlots / blocks / passes));
  const pointings = Array.from({ length: visits }, (_, n) => {
    const [pass, i] = [Math.floor(n / fields.length), n % fields.length];
    const slot = blockStart(fields.length, i) + pass * slotsPerPass + (i % fieldsPerBlock);
    return { field: fields[i]!, pass, slot };
  }).sort((a, b) => a.slot - b.slot);
  const seeing = random.uniform(1.9, 2.3);
  const losses = new Map(fields.map((field) => [field, random.normal(0, 0.26)])); // airmass, Moon and haze differ by field
  return pointings.map(({ field, pass, slot }, visit) => {
    const band = pass % 3 === 0 ? "g" : pass % 3 === 1 ? "r" : field.id % 7 === 0 ? "i" : pass % 2 === 0 ? "g" : "r";
    const mjd = timeOf(nightMjd, slot, secondsOff);
    return { night, visit, ...expose(random, field, mjd, band, seeing, losses.get(field)!) };
  });
}

/**
 * The 30 days before the first night: three nights of five, one to three visits of each field; clouds and the Moon change the
 * depth. No two exposures are in one slot: there is one telescope.
 */
export function planBefore(
  random: Random,
  fields: readonly SkyField[],
  { nightMjd, secondsOff }: { nightMjd: number; secondsOff: number },
): Draft[] {
  const taken = new Set<number>();
  const drafts = fields.flatMap((field, i) => {
    const startHour = blockStart(fields.length, i) / slotsPerHour;
    return earlierVisits(random.fork("history", field.id), startHour).map(
      ({ night, hour, band, seeing, loss, own }) => {
        let slot = Math.round((night * 24 + hour) * slotsPerHour);
        while (taken.has(slot)) slot++;
        taken.add(slot);
        return { night: 0, visit: -1, ...expose(own, field, timeOf(nightMjd, slot, secondsOff), band, seeing, loss) };
      },
    );
  });
  return drafts.sort((a, b) => a.mjdUtc - b.mjdUtc);
}

function earlierVisits(random: Random, startHour: number) {
  const visits: { night: number; hour: number; band: Exposure["band"]; seeing: number; loss: number; own: Random }[] =
    [];
  for (let night = -29; night <= -1; night++) {
    if (!random.chance(0.6)) continue;
    const seeing = random.uniform(1.7, 2.9);
    const loss = random.chance(0.25) ? random.uniform(0.2, 1.2) : random.uniform(-0.15, 0.2);
    let hour = Math.max(2.2, startHour + random.uniform(-1.5, 2));
    const times = 1 + random.below(3);
    const first = random.below(2);
    for (let i = 0; i < times; i++) {
      const band = random.chance(0.06) ? "i" : (i + first) % 2 === 0 ? "g" : "r";
      visits.push({ night, hour, band, seeing, loss, own: random.fork("exposure", -night, i) });
      hour += random.uniform(0.6, 1.4);
    }
  }
  return visits;
}

function expose(random: Random, field: SkyField, mjd: number, band: Exposure["band"], seeing: number, loss: number) {
  const depth = { g: 20.4, r: 20.25, i: 19.8 }[band];
  const zero = { g: 26.28, r: 26.2, i: 25.7 }[band];
  const sky = { g: 110, r: 190, i: 330 }[band];
  return {
    field,
    band,
    mjdUtc: rounded(mjd, 7),
    fwhmPx: rounded(seeing * random.uniform(0.95, 1.1), 4),
    limitMag: rounded(depth - loss - (seeing - 2) * 0.4 + random.normal(0, 0.06), 4),
    zeroPoint: rounded(zero - 0.4 * Math.max(0, loss) + random.normal(0, 0.03), 5),
    skyDn: rounded(sky * random.uniform(0.8, 1.3), 3),
  };
}
