/** Bands in which the sources of the simulated sky know their light. */
export type SkyBand = "g" | "r" | "i";

/** Where the light of any band of LSST comes from: u is taken as g, z and y as i. */
export const lightBand = (band: string): SkyBand => (band === "u" || band === "g" ? "g" : band === "r" ? "r" : "i");
