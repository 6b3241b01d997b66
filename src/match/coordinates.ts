import { readRa } from "../alert/sphere";
import { BootcampError, describeValue } from "../errors";
import { told } from "./catalog-rows";
import { parseSexagesimal } from "./sexagesimal";

/**
 * How a catalogue writes its coordinates: `"degrees"`; `"sexagesimal"`, right ascension in hours, minutes, seconds and
 * declination in degrees, minutes, seconds; `"hours"`, decimal hours and decimal degrees; `"radians"`.
 */
export type CoordinateUnits = "degrees" | "sexagesimal" | "hours" | "radians";

export interface Coordinates {
  /** Degrees; NaN in bad rows. */
  readonly ra: Float64Array;
  readonly dec: Float64Array;
  readonly units: CoordinateUnits;
  /** Row numbers (from 0) that have no place on the sky, with what is wrong. */
  readonly bad: ReadonlyMap<number, string>;
}

/** Below this many rows a small field near RA 0, Dec 0 is as likely as radians. */
const enoughToTell = 100;
const degreesPerRadian = 180 / Math.PI;

/**
 * Turns the cells of the two coordinate columns into degrees.
 *
 * @param ra @param dec cells: numbers or text
 * @param units when not given, sexagesimal if the first filled right ascension is no plain number, else degrees
 * @param names of the two columns, for messages
 * @throws CATALOG when unnamed units look like radians or hours: more than 100 rows, all within RA 0–2π and Dec ±π/2,
 * or all within RA 0–24 while declinations span over 90°. Naming the units settles it.
 */
export function readCoordinates(
  ra: readonly unknown[],
  dec: readonly unknown[],
  units: CoordinateUnits | undefined,
  names: { raColumn: string; decColumn: string; where: string },
): Coordinates {
  const kind = units ?? guessUnits(ra);
  const toRa = raReaders[kind];
  const toDec = decReaders[kind];
  const coordinates = { ra: new Float64Array(ra.length), dec: new Float64Array(ra.length), units: kind };
  const bad = new Map<number, string>();
  const span = new Span();
  const note = (row: number, why: () => string) => bad.set(row, bad.size < told ? why() : "no place on the sky");
  for (let row = 0; row < ra.length; row++) {
    const written = toRa(ra[row]);
    const a = readRa(written);
    const d = toDec(dec[row]);
    coordinates.ra[row] = a;
    coordinates.dec[row] = d;
    if (Number.isNaN(a))
      note(row, () => `column "${names.raColumn}": expected ${raRanges[kind]}, got ${shown(ra[row])}`);
    else if (!(d >= -90 && d <= 90))
      note(row, () => `column "${names.decColumn}": expected ${decRanges[kind]}, got ${shown(dec[row])}`);
    else {
      span.add(written, d);
      continue;
    }
    coordinates.ra[row] = coordinates.dec[row] = Number.NaN;
  }
  if (units === undefined && kind === "degrees") refuseDisguised(span, names);
  return { ...coordinates, bad };
}

const decimal = (value: unknown): number =>
  typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
const parts = (value: unknown): number => (typeof value === "string" ? parseSexagesimal(value) : Number.NaN);

const raReaders: Record<CoordinateUnits, (value: unknown) => number> = {
  degrees: decimal,
  hours: (value) => decimal(value) * 15,
  radians: (value) => decimal(value) * degreesPerRadian,
  sexagesimal: (value) => parts(value) * 15,
};
const decReaders: Record<CoordinateUnits, (value: unknown) => number> = {
  degrees: decimal,
  hours: decimal,
  radians: (value) => decimal(value) * degreesPerRadian,
  sexagesimal: parts,
};
const raRanges: Record<CoordinateUnits, string> = {
  degrees: "0 to 360 degrees",
  hours: "0 to 24 hours",
  radians: "0 to 2π radians",
  sexagesimal: "hh:mm:ss",
};
const decRanges: Record<CoordinateUnits, string> = {
  degrees: "-90 to 90 degrees",
  hours: "-90 to 90 degrees",
  radians: "-π/2 to π/2 radians",
  sexagesimal: "±dd:mm:ss",
};

const shown = (value: unknown) =>
  value === "" || value === undefined || value === null ? "an empty cell" : describeValue(value);

function guessUnits(ra: readonly unknown[]): CoordinateUnits {
  const first = ra.find((cell) => typeof cell === "string" && cell.trim() !== "");
  return typeof first === "string" && !Number.isNaN(parseSexagesimal(first)) ? "sexagesimal" : "degrees";
}

/** How far the numbers reach as they are written: −3 radians are 357 degrees once they are taken modulo 360. */
class Span {
  rows = 0;
  raMin = Number.POSITIVE_INFINITY;
  raMax = Number.NEGATIVE_INFINITY;
  decMin = 90;
  decMax = -90;

  add(ra: number, dec: number): void {
    this.rows++;
    this.raMin = Math.min(this.raMin, ra);
    this.raMax = Math.max(this.raMax, ra);
    this.decMin = Math.min(this.decMin, dec);
    this.decMax = Math.max(this.decMax, dec);
  }
}

function refuseDisguised(
  { rows, raMin, raMax, decMin, decMax }: Span,
  names: { raColumn: string; decColumn: string; where: string },
) {
  if (rows <= enoughToTell) return;
  const isRadians = raMin >= -Math.PI && raMax <= 2 * Math.PI && decMin >= -Math.PI / 2 && decMax <= Math.PI / 2;
  const isHours = raMin >= -12 && raMax <= 24 && decMax - decMin > 90;
  if (!isRadians && !isHours) return;
  const unit = isRadians ? "radians" : "hours";
  throw new BootcampError(
    "CATALOG",
    `${names.where}: expected degrees in columns "${names.raColumn}" and "${names.decColumn}", got ${rows} rows with ` +
      `${names.raColumn} up to ${raMax.toFixed(4)} and ${names.decColumn} from ${decMin.toFixed(4)} to ${decMax.toFixed(4)}, which look like ${unit}`,
    {
      where: names.where,
      remedy: `Say what they are: { units: "${unit}" }, or { units: "degrees" } if they really are`,
    },
  );
}
