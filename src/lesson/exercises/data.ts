/** What the answers look at of an alert. */
export interface Seen {
  readonly alertId?: unknown;
  readonly objectId: unknown;
  readonly mag: number;
  readonly band: string | null;
  readonly packet: { readonly candidate: Readonly<Record<string, unknown>> };
}

/** How many different values rows have. */
export const distinct = <Row>(rows: readonly Row[], of: (row: Row) => unknown): number => new Set(rows.map(of)).size;

const limited = (field: string, min: number, max: number) => (a: Seen) => {
  const value = a.packet.candidate[field];
  return typeof value === "number" && value >= min && value <= max;
};

/**
 * ZTF's purity cut, part by part, in plain comparisons: the answers must not rest on the cuts that the exercise is about.
 * The limits and their source: `src/select/ready/ztf.ts`.
 */
export const purityCuts: Readonly<Record<string, (a: Seen) => boolean>> = {
  rb: limited("rb", 0.65, Number.POSITIVE_INFINITY),
  nbad: limited("nbad", 0, 0),
  fwhm: limited("fwhm", Number.NEGATIVE_INFINITY, 5),
  elong: limited("elong", Number.NEGATIVE_INFINITY, 1.2),
  magdiff: limited("magdiff", -0.1, 0.1),
};

export const isPure = (a: Seen): boolean => Object.values(purityCuts).every((test) => test(a));
