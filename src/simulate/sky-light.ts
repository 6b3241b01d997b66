import { nJyOf } from "./numeric";
import type { SkySource } from "./sky-source";

/** Bands in which the sources of the simulated sky know their light. */
export type SkyBand = "g" | "r" | "i";

/** Where the light of any band of LSST comes from: u is taken as g, z and y as i. */
export const lightBand = (band: string): SkyBand => (band === "u" || band === "g" ? "g" : band === "r" ? "r" : "i");

/**
 * What a source sends by itself in the reference image, nJy: a star, or the nucleus of an active galaxy, which is what varies
 * there. The galaxy around a supernova is not its own light.
 */
export function ownLightNJy({ counterpart, class: { name } }: SkySource, band: string): number {
  const isOwn = counterpart?.kind === "star" || name === "AGN";
  return counterpart && isOwn ? nJyOf(counterpart.mags[lightBand(band)]) : 0;
}
