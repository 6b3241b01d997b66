import type { SkyField } from "./cadence";
import { offset, positionOf } from "./camera";
import { type SourceClass, sourceClass } from "./classes";
import { quantile, realAlerts } from "./distributions";
import { clamp, log10, nJyOf } from "./numeric";
import type { Random } from "./random";
import type { SkyMark } from "./sky-mark";
import type { CameraPlace, Counterpart, SkySource } from "./sky-source";
import { dwarfNova, flare, kilonova, type Outburst, supernovaIa, supernovaII } from "./transients";
import { agn, cepheid, eclipsingBinary, mira, rrLyrae, type Variation } from "./variable-stars";

/** What a new source is told. */
export interface Birth {
  /** The sky, and the night on which the source is first there. */
  mark: SkyMark;
  night: number;
  index: number;
  nightMjd: number;
  field: SkyField;
  place: CameraPlace;
  /** Times of tonight's exposures of the field, for what lasts minutes. */
  visitMjds: readonly number[];
}

type Rest = Pick<SkySource, "type" | "period" | "redshift" | "counterpart" | "startMjd" | "differenceNJy"> &
  Partial<Pick<SkySource, "positionAt" | "minorPlanet">>;

/** A real source of the given class, as bright as those that ZTF sends alerts about. */
export function makeSource(random: Random, className: string, birth: Birth): SkySource {
  const made = makers[className]!(random, birth, quantile(realAlerts.magpsf, random.uniform()));
  return { ...base(sourceClass(className), birth), ...made };
}

/** The same source seen from further away, or a smaller one, fainter by so many magnitudes. */
export function dimmed(source: SkySource, magnitudes: number): SkySource {
  const factor = nJyOf(magnitudes) / nJyOf(0);
  const { counterpart, redshift } = source;
  const isExtragalactic = counterpart?.kind === "galaxy" && redshift > 0;
  return {
    ...source,
    redshift: isExtragalactic ? redshiftAt(distanceModulus(redshift) + magnitudes) : redshift,
    counterpart: counterpart && {
      ...counterpart,
      mags: {
        g: counterpart.mags.g + magnitudes,
        r: counterpart.mags.r + magnitudes,
        i: counterpart.mags.i + magnitudes,
      },
    },
    differenceNJy: (mjd, band) => factor * source.differenceNJy(mjd, band),
  };
}

/** The part that every source has. */
export function base(kind: SourceClass, { mark, night, index, field, place }: Birth) {
  const { ra, dec } = positionOf(field, place);
  return { sourceId: mark.sourceId(night, index), index, class: kind, field, place, ra, dec };
}

type Maker = (random: Random, birth: Birth, mag: number) => Rest;

const makers: Record<string, Maker> = {
  RRLyr: (random, birth, mag) => variableStar(random, rrLyrae(random), birth, mag, 0.3),
  EB: (random, birth, mag) => variableStar(random, eclipsingBinary(random), birth, mag, 0.6),
  CEP: (random, birth, mag) => variableStar(random, cepheid(random), birth, mag, 0.7),
  Mira: (random, birth, mag) => variableStar(random, mira(random), birth, mag, 1.8),
  AGN(random, birth, mag) {
    const variation = agn(random, birth.nightMjd);
    const counterpart = home(
      variation.type === "QSO" ? "star" : "galaxy",
      clamp(mag - random.uniform(1, 1.9), 14.5, 20.6),
      random.uniform(0.2, 0.6),
      0,
      random,
    );
    const redshift = variation.type === "QSO" ? random.uniform(0.2, 1.8) : random.uniform(0.02, 0.2);
    return { ...changing(variation, counterpart), redshift };
  },
  SNIa: (random, birth, mag) => supernova(random, birth, mag, (z) => supernovaIa(random.fork("Ia"), birth.nightMjd, z)),
  SNII: (random, birth, mag) => supernova(random, birth, mag, (z) => supernovaII(random.fork("II"), birth.nightMjd, z)),
  KN: (random, birth) => supernova(random, birth, 18.3, () => kilonova(random.fork("KN"), birth.nightMjd)),
  DN(random, { nightMjd }, mag) {
    const outburst = dwarfNova(random, nightMjd);
    const counterpart = home("star", random.uniform(19.6, 21.4), random.uniform(-0.1, 0.4), 0, random);
    return { ...bursting(outburst, clamp(mag, 14.5, 18.8)), counterpart, startMjd: Number.NEGATIVE_INFINITY };
  },
  flare(random, { visitMjds }, mag) {
    // it happens in the minutes before one of tonight's exposures; nothing else of the star would be seen
    const start = random.pick(visitMjds) - random.uniform(2, 20) / 1440;
    const counterpart = home("star", clamp(mag - random.uniform(0, 1.2), 15, 20.5), 1.45, 0, random);
    return { ...bursting(flare(random, start), mag), counterpart, startMjd: Number.NEGATIVE_INFINITY };
  },
  asteroid(random, birth, mag) {
    const speed = random.uniform(0.2, 0.7) * 1440; // arcseconds per day; main belt near opposition
    const direction = random.normal(-0.4, 0.3); // westward along the ecliptic, mostly
    const spin = random.uniform(0.1, 0.5);
    const wobble = random.uniform(0.02, 0.15);
    const centre = positionOf(birth.field, birth.place);
    const middle = birth.visitMjds[Math.floor(birth.visitMjds.length / 2)] ?? birth.nightMjd;
    const colours: Record<string, number> = { g: 0.5, r: 0, i: -0.15 };
    const [cosine, sine] = [1 - (direction * direction) / 2, direction]; // small angle
    return {
      type: "asteroid",
      period: Number.NaN,
      redshift: Number.NaN,
      counterpart: null,
      startMjd: birth.nightMjd,
      minorPlanet: birth.mark.minorPlanet(birth.index),
      differenceNJy: (mjd, band) =>
        nJyOf(clamp(mag, 14.8, 20.2) + (colours[band] ?? 0) + wobble * triangle((mjd - middle) / spin)),
      positionAt: (mjd) => offset(centre, -speed * (mjd - middle) * cosine, -speed * (mjd - middle) * sine),
    };
  },
};

function variableStar(random: Random, variation: Variation, birth: Birth, mag: number, colour: number): Rest {
  // the star is as bright as makes its change tonight the difference magnitude that was asked for
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    const mjd = Number.isNaN(variation.period) ? birth.nightMjd : birth.nightMjd + (i * variation.period) / 40;
    const change = variation.relativeFlux(mjd, "r") - 1;
    sum += (change * change) / 40;
  }
  const brighter = -2.5 * log10(Math.sqrt(sum));
  const counterpart = home("star", clamp(mag - brighter, 12.4, 20.3), random.normal(colour, 0.1), 0, random);
  return { ...changing(variation, counterpart), redshift: Number.NaN };
}

function changing(variation: Variation, counterpart: Counterpart): Omit<Rest, "redshift"> {
  const mean = fluxes(counterpart);
  return {
    type: variation.type,
    period: variation.period,
    counterpart,
    startMjd: Number.NEGATIVE_INFINITY,
    differenceNJy: (mjd, band) => (mean[band] ?? mean.r!) * (variation.relativeFlux(mjd, band) - 1),
  };
}

function bursting(outburst: Outburst, peakMag: number): Omit<Rest, "counterpart"> {
  const peak = nJyOf(peakMag);
  return {
    type: outburst.type,
    period: Number.NaN,
    redshift: Number.NaN,
    startMjd: outburst.startMjd,
    differenceNJy: (mjd, band) => peak * outburst.relativeFlux(mjd, band),
  };
}

/** A supernova as far away as makes it as bright as asked tonight, in a galaxy of that distance. */
function supernova(random: Random, birth: Birth, mag: number, make: (redshift: number) => Outburst): Rest {
  const first = make(0);
  const tonight = Math.max(0.05, first.relativeFlux(birth.nightMjd + 0.4, "r"));
  const peakMag = clamp(mag - -2.5 * log10(tonight), 15.5, 19.6);
  const redshift = redshiftAt(peakMag - first.absoluteMag);
  const outburst = make(redshift);
  const hostMag = clamp(distanceModulus(redshift) + random.normal(-20.3, 0.9), 13, 21.5);
  // a few kiloparsecs from the centre of its galaxy
  const arcsecPerKpc = 1 / (redshift * 20.3); // 4,286 Mpc / 206,265 arcseconds
  const offsetArcsec = clamp(random.logNormal(4, 0.6) * arcsecPerKpc, 0.15, 24);
  const counterpart = home("galaxy", hostMag, random.uniform(0.4, 0.8), offsetArcsec, random);
  return { ...bursting(outburst, peakMag), redshift, counterpart };
}

/** Hubble's law to second order for H0 = 70 km/s/Mpc and q0 = −0.55; good to 2 % below redshift 0.2. */
export function distanceModulus(redshift: number): number {
  const megaparsec = 4283 * redshift * (1 + 0.775 * redshift);
  return 5 * log10(megaparsec) + 25;
}

export function redshiftAt(modulus: number): number {
  let [low, high] = [0.0005, 0.6];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (distanceModulus(middle) < modulus) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function home(
  kind: Counterpart["kind"],
  r: number,
  gMinusR: number,
  offsetArcsec: number,
  random: Random,
): Counterpart {
  const east = offsetArcsec * random.uniform(-1, 1);
  const north = Math.sqrt(Math.max(0, offsetArcsec * offsetArcsec - east * east)) * (random.chance(0.5) ? 1 : -1);
  const mags = { g: r + gMinusR, r, i: r - 0.45 * gMinusR };
  return { kind, mags, eastArcsec: east, northArcsec: north };
}

function fluxes(counterpart: Counterpart): Record<string, number> {
  return Object.fromEntries(Object.entries(counterpart.mags).map(([band, mag]) => [band, nJyOf(mag)]));
}

/** −1 to 1 and back, with period 1. */
function triangle(x: number): number {
  const f = x - Math.floor(x);
  return f < 0.5 ? 4 * f - 1 : 3 - 4 * f;
}
