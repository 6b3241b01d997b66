import type { Random } from "./random";

/**
 * What the simulated sky holds. `star` and `galaxy` say what the catalogue and the reference image show at the place;
 * `share` weighs how often a class is tried; what is not seen tonight does not count.
 */
export interface SourceClass {
  readonly name: string;
  readonly label: string;
  readonly isReal: boolean;
  readonly home: "star" | "galaxy" | "none";
  readonly share: number;
}

// Shares lean towards what is worth teaching: of ZTF's own real alerts about 70 % are variable stars, 20 % asteroids,
// 5 % AGN and 1 % supernovae (Smith et al. 2020, RNAAS 4, 187 describes the same mixture by light-curve filters).
const table: [name: string, label: string, home: SourceClass["home"], share: number][] = [
  ["RRLyr", "RR Lyrae star", "star", 13],
  ["EB", "eclipsing binary", "star", 20],
  ["CEP", "Cepheid", "star", 7],
  ["Mira", "Mira variable", "star", 7],
  ["AGN", "active galactic nucleus", "galaxy", 18],
  ["SNIa", "type Ia supernova", "galaxy", 12],
  ["SNII", "type II supernova", "galaxy", 7],
  ["KN", "kilonova", "galaxy", 0],
  ["DN", "dwarf nova outburst", "star", 5],
  ["flare", "M-dwarf flare", "star", 2],
  ["asteroid", "asteroid", "none", 18],
];

const artefacts: [name: string, label: string, share: number][] = [
  ["dipole", "badly subtracted star", 35],
  ["cosmicRay", "cosmic-ray hit", 40],
  ["edge", "artefact at the edge of a detector", 25],
];

/** Every class of the simulated sky, the real ones first. */
export const sourceClasses: readonly SourceClass[] = [
  ...table.map(([name, label, home, share]) => ({ name, label, isReal: true, home, share })),
  ...artefacts.map(([name, label, share]) => ({ name, label, isReal: false, home: "none" as const, share })),
];

const realClasses = sourceClasses.filter((c) => c.isReal);
const artefactClasses = sourceClasses.filter((c) => !c.isReal);

/** Name of a class of real sources or of artefacts, by their shares. */
export function pickClass(random: Random, isReal: boolean): string {
  const classes = isReal ? realClasses : artefactClasses;
  return classes[random.weighted(classes.map((c) => c.share))]!.name;
}

/** The class of that name. */
export function sourceClass(name: string): SourceClass {
  return sourceClasses.find((c) => c.name === name)!;
}
