/** What fields of the common view hold. */
interface Values {
  text: string;
  number: number;
  boolean: boolean;
  /** Ids are bigint or text, as the survey has them. */
  id: bigint | string | null;
  /** A survey's number or name of something. */
  label: number | string | null;
}

/** Everything about one field. Its doc comment says what it means: cells show it, and the reference page has it. */
type Field = {
  readonly [Type in keyof Values]: {
    readonly type: Type;
    /** As an axis is titled. */
    readonly title: string;
    /** "" where there is none. */
    readonly unit: string;
    /** What stands there when a survey gives none. */
    readonly missing: Values[Type];
    /** In the columns of a first look (`table`), in those of a listing too (`alerts read`), or only when asked for. */
    readonly shown: "first" | "listing" | "asked";
  };
}[keyof Values];

/**
 * The fields of the common view that hold a single value, in the order in which they are shown. The properties of alerts, JSON,
 * tables, data frames, Parquet, `missing`, the names that cuts and plots take, and docs/alert-fields.md all come from here.
 */
export const commonFields = {
  /** "ztf", "lsst", "elasticc", or "unknown". */
  survey: { type: "text", title: "survey", unit: "", missing: "unknown", shown: "listing" },
  /** The survey's number of this alert. Some streams repeat it: `origin` tells alerts apart. */
  alertId: { type: "id", title: "alert", unit: "", missing: null, shown: "listing" },
  /** The survey's name of the place or object, which its alerts share. */
  objectId: { type: "id", title: "object", unit: "", missing: null, shown: "first" },
  /** Right ascension, ICRS. */
  ra: { type: "number", title: "right ascension", unit: "°, ICRS", missing: Number.NaN, shown: "first" },
  /** Declination, ICRS. */
  dec: { type: "number", title: "declination", unit: "°, ICRS", missing: Number.NaN, shown: "first" },
  /** Mid-exposure modified Julian date, UTC (ZTF: start of exposure as its packets give it). */
  mjdUtc: { type: "number", title: "time", unit: "MJD, UTC, days", missing: Number.NaN, shown: "first" },
  /** "g", "r", "i", …; "" when not given. */
  band: { type: "text", title: "band", unit: "", missing: "", shown: "first" },
  /** Difference-image AB magnitude. */
  mag: { type: "number", title: "difference magnitude", unit: "AB", missing: Number.NaN, shown: "first" },
  /** Its 1 sigma error. */
  magErr: {
    type: "number",
    title: "error of the difference magnitude",
    unit: "mag",
    missing: Number.NaN,
    shown: "first",
  },
  /** Difference flux, signed: negative where the source is fainter than in the reference. */
  fluxNJy: { type: "number", title: "difference flux", unit: "nJy", missing: Number.NaN, shown: "asked" },
  /** Its 1 sigma error. */
  fluxErrNJy: {
    type: "number",
    title: "error of the difference flux",
    unit: "nJy",
    missing: Number.NaN,
    shown: "asked",
  },
  /** Flux over its error. */
  snr: { type: "number", title: "signal-to-noise ratio", unit: "", missing: Number.NaN, shown: "asked" },
  /** True when the source is brighter than in the reference image; also where the survey does not say. */
  isPositive: { type: "boolean", title: "brighter than the reference", unit: "", missing: true, shown: "asked" },
  /**
   * 0 (bogus) to 1 (real), the survey's own classifier. ZTF: `drb`, the deep network, where the packet has it (since 2019), else
   * `rb`, the random forest; `alert.sources.realBogus` says which. Thresholds of the one do not hold for the other.
   */
  realBogus: { type: "number", title: "real–bogus score", unit: "0 to 1", missing: Number.NaN, shown: "first" },
  /** Which exposure it belongs to: exposure time and field. */
  visitId: { type: "text", title: "visit", unit: "", missing: "", shown: "asked" },
  /** The survey's own field number, or null. */
  field: { type: "label", title: "field", unit: "", missing: null, shown: "asked" },
} as const satisfies Record<string, Field>;

type Fields = typeof commonFields;
export type FieldName = keyof Fields;

/** The single values of an alert. Every number is `number`, NaN when the survey gives none. */
export type CommonView = { readonly [Name in keyof Fields]: Values[Fields[Name]["type"]] };

/** Their names, in the order in which they are shown. */
export const fieldNamesInOrder = Object.keys(commonFields) as FieldName[];

/** Those that are read from the packet: all but the survey itself. */
export type ColumnName = Exclude<FieldName, "survey">;
export const columnNames = fieldNamesInOrder.filter((name): name is ColumnName => name !== "survey");

/** Columns that a listing of alerts shows unless others are chosen. */
export const listingFields = fieldNamesInOrder.filter((name) => commonFields[name].shown !== "asked");
/** Columns of a first look at any survey's alerts. */
export const firstFields = fieldNamesInOrder.filter((name) => commonFields[name].shown === "first");

/** What a survey that gives nothing says. */
export const missingValues = Object.fromEntries(
  fieldNamesInOrder.map((name) => [name, commonFields[name].missing]),
) as unknown as CommonView;

/** The title of an axis: "difference flux (nJy)". */
export function axisTitle(name: FieldName): string {
  const { title, unit } = commonFields[name];
  return unit === "" ? title : `${title} (${unit})`;
}

/** The fields that each point of a light curve has. */
export const pointFields = [
  "mjdUtc",
  "band",
  "mag",
  "magErr",
  "fluxNJy",
  "fluxErrNJy",
  "isPositive",
  "ra",
  "dec",
  "realBogus",
  "alertId",
] as const satisfies readonly FieldName[];

/** One measured point of a light curve. Missing numbers are NaN; `alertId` is that of the alert this point was sent as. */
export type Detection = Pick<CommonView, (typeof pointFields)[number]>;

/** The alert itself as a point of its light curve. */
export const pointOf = (alert: CommonView): Detection =>
  Object.fromEntries(pointFields.map((name) => [name, alert[name]])) as unknown as Detection;
