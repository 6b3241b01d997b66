import { expectArgument } from "../expect";

/** How one band is drawn: colour and symbol, so that neither colour vision nor a colour printer is needed. */
export interface BandStyle {
  readonly name: string;
  readonly color: string;
  /** Plotly marker symbol; its open form is `${symbol}-open`. */
  readonly symbol: string;
}

/**
 * Bands in order of wavelength. Colours: Rubin's colour-blind-safe set for white backgrounds (RTN-045). Symbols are of
 * our own choice, because a triangle pointing down stands for an upper limit here.
 */
export const bandStyles: readonly BandStyle[] = [
  { name: "u", color: "#0c71ff", symbol: "pentagon" },
  { name: "g", color: "#49be61", symbol: "circle" },
  { name: "r", color: "#c61c00", symbol: "square" },
  { name: "i", color: "#ffc200", symbol: "diamond" },
  { name: "z", color: "#f341a2", symbol: "star" },
  { name: "y", color: "#5d0000", symbol: "triangle-up" },
];

/**
 * Style of a band, upper or lower case ("Y" of ELAsTiCC is y); grey crosses for a band not in the table.
 *
 * @example
 * bandStyle("g").color; // "#49be61"
 */
export function bandStyle(band: string): BandStyle {
  expectArgument("text", band, "the name of a band");
  const key = band.toLowerCase();
  return bandStyles.find((style) => style.name === key) ?? { name: band || "?", color: "#666666", symbol: "x" };
}

/** The bands that occur, by wavelength, unknown ones last and by name. */
export function sortBands(bands: Iterable<string>): string[] {
  const rank = (band: string): number => {
    const index = bandStyles.findIndex((style) => style.name === band.toLowerCase());
    return index < 0 ? bandStyles.length : index;
  };
  return [...new Set(bands)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Colours for classes and other groups: Okabe & Ito (2008), safe for the common forms of colour blindness.
 * The yellow is left out, being too pale on white.
 */
export const groupColors = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000"] as const;

/** Symbols that go with {@link groupColors}; as a different number of them is used, pairs repeat only after 56 groups. */
export const groupSymbols = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "cross",
  "star",
  "hexagon",
  "triangle-left",
] as const;
