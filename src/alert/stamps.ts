import { inspect } from "node:util";
import { BootcampError } from "../errors";
import { expectArgument } from "../expect";
import { type FitsImage, type FitsPixels, MAX_FITS_BYTES, readFits } from "./fits";
import type { Stamp, StampKind, Stamps } from "./types";

/**
 * Decodes one cutout: ZTF's gzipped single image, or Rubin's image with variance and point-spread function.
 *
 * The units are told apart by EXTNAME, never by their order, because a mask may come between them. Pixels beyond ±1e30,
 * infinities among them, are blank and become NaN; `readFits` gives them as they are.
 *
 * @param bytes FITS, plain or gzipped
 * @param fileName as the packet gives it, "" if it gives none
 * @throws FITS, GZIP with the kind of stamp named
 * @example
 * const stamp = readStamp(readFileSync("science.fits.gz"), "science");
 */
export function readStamp(bytes: Buffer, kind: StampKind, fileName = "", maxBytes = MAX_FITS_BYTES): Stamp {
  let units: FitsImage[];
  try {
    units = readFits(bytes, maxBytes);
  } catch (error) {
    if (!(error instanceof BootcampError)) throw error;
    const details = error.remedy === undefined ? {} : { remedy: error.remedy };
    throw new BootcampError(error.code, error.message, { ...details, where: `${kind} stamp`, cause: error.cause });
  }
  const image = units.find((unit) => unit.pixels !== null && !["MASK", "UNCERT", "PSFIMAGE"].includes(unit.name));
  if (!image?.pixels) {
    const found = units.map((unit) => `${unit.name || "primary"} NAXIS=${String(unit.header.NAXIS)}`).join(", ");
    throw new BootcampError("FITS", `Expected a two-dimensional image, got ${found}`, { where: `${kind} stamp` });
  }
  const psf = units.find((unit) => unit.name === "PSFIMAGE" && unit.pixels !== null);
  const variance = varianceOf(units, image);
  const stamp: Stamp = {
    kind,
    fileName,
    width: image.width,
    height: image.height,
    pixels: blanked(image.pixels),
    unit: String(image.header.BUNIT ?? "").trim(),
    header: image.header,
    ...(variance === undefined ? {} : { variance }),
    ...(psf?.pixels ? { psf: { width: psf.width, height: psf.height, pixels: psf.pixels } } : {}),
  };
  return Object.defineProperty(stamp, inspect.custom, { value: () => stampLine(stamp), enumerable: false });
}

/** ZTF fills the part of a template that no reference image covers with −3.4e38; as numbers, no mean would survive. */
const BLANK_BEYOND = 1e30;

function blanked(pixels: FitsPixels): FitsPixels {
  for (let i = 0; i < pixels.length; i++) if (Math.abs(pixels[i]!) > BLANK_BEYOND) pixels[i] = Number.NaN;
  return pixels;
}

/** astropy's CCDData writes UNCERT as a variance or as a standard deviation, and says which in UTYPE. */
function varianceOf(units: FitsImage[], image: FitsImage): Stamp["variance"] {
  const unit = units.find((candidate) => candidate.name === "UNCERT" && candidate !== image);
  if (!unit?.pixels || unit.width !== image.width || unit.height !== image.height) return undefined;
  const type = String(unit.header.UTYPE ?? "VarianceUncertainty");
  if (type === "StdDevUncertainty") return unit.pixels.map((sigma) => sigma * sigma);
  if (type === "InverseVariance") return unit.pixels.map((weight) => 1 / weight);
  return type === "VarianceUncertainty" ? unit.pixels : undefined;
}

function stampLine(stamp: Stamp): string {
  const extras = [stamp.variance && "variance", stamp.psf && `PSF ${stamp.psf.width}×${stamp.psf.height}`].filter(
    Boolean,
  );
  const parts = [`${stamp.width}×${stamp.height} px`, stamp.unit || "no unit", ...extras];
  return `Stamp ${stamp.kind} (${parts.join(", ")})`;
}

/**
 * The three cutouts of an alert, each decoded when it is first touched and kept from then on.
 *
 * @param read gives the bytes and the file name of one kind, or null where the packet has none
 * @throws FITS, GZIP from the getter of the damaged stamp; the other two still read
 */
export function lazyStamps(read: (kind: StampKind) => { bytes: Buffer; fileName: string } | null): Stamps {
  const decoded = new Map<StampKind, Stamp | null>();
  const get = (kind: StampKind): Stamp | null => {
    const known = decoded.get(kind);
    if (known !== undefined) return known;
    const source = read(kind);
    const stamp = source === null ? null : readStamp(source.bytes, kind, source.fileName);
    decoded.set(kind, stamp);
    return stamp;
  };
  const stamps = {
    get science() {
      return get("science");
    },
    get template() {
      return get("template");
    },
    get difference() {
      return get("difference");
    },
  };
  // Printing an alert must not decode its images.
  return Object.defineProperty(stamps, inspect.custom, {
    value: () => "Stamps { science, template, difference: decoded when touched }",
    enumerable: false,
  });
}

/**
 * Signal-to-noise image: pixel / √variance; NaN where the variance is not positive. Null without a variance (ZTF).
 *
 * @example
 * const sn = astro.snImage(alert.stamps.difference!);
 */
export function snImage(stamp: Stamp): Float64Array | null {
  expectArgument("stamp", stamp, "a stamp");
  const { pixels, variance } = stamp;
  if (variance === undefined) return null;
  return Float64Array.from(pixels, (value, i) => (variance[i]! > 0 ? value / Math.sqrt(variance[i]!) : Number.NaN));
}
