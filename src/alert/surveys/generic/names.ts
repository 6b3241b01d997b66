import type { SchemaField } from "../../../avro/tree";

/**
 * Names under which surveys of the last ten years put each quantity, most telling first, in lower case without
 * underscores. Taken from the schemas of ZTF, PGIR, WINTER, WIRC, TURBO, WTP, ZUDS, ATLAS, HiTS, DECam, LS4, VAST, RAPID,
 * Evryscope, MeerLICHT, Rubin 1.0 and the brokers' own packets.
 */
const names = {
  ra: "ra radeg rightascension raj2000 raicrs alphaj2000 alpha raobs psfra rapsf rapsfd meanra ramean ra0",
  dec: "dec decl decdeg declination dej2000 decj2000 deicrs decicrs deltaj2000 delta decobs psfdec psfdecl decpsf decpsfd meandec decmean dec0",
  time:
    "midpointmjdtai midpointtai midpointmjd mjdmid midmjd midmjdtai mjdtai jd mjd jdutc mjdutc jdobs obsjd mjdobs obsmjd " +
    "scimjd mjdstart jdstart observationmjd exposuremjd exposurestart dateobs obsdate obstime observationtime " +
    "observationdate eventtime triggertime isot datetime timeutc utctime utc timestamp time epoch date",
  band: "band bandname filter filtername filt passband filterband fid filterid bandid",
  mag: "magpsf psfmag mag magnitude forcediffimmag forcediffmagpsf diffmag magdiffim magap apmag magauto magaper magzogy peakmag",
  flux: "psfflux psflux fluxpsf flux forcediffimflux diffflux fluxdiff fluxpeak peakflux apflux fluxap fluxauto fluxint fnuzogy totflux",
  zeroPoint: "magzpsci magzp zp zeropoint magzeropoint fluxzp fluxzeropoint zpdiff",
  snr: "snr signaltonoise psfsnr snrpsf detectionsnr srcsnr snrzogy scorr",
  positive: "isdiffpos ispositive diffpos positive",
  negative: "isnegative",
  realBogus:
    "drb rb realbogus reliability rbscore rbs realbogusscore drbscore cnnscore cnnprob braai acai mlscore vetnetscore score",
  limit:
    "diffmaglim maglim limitingmag limmag magul ulmag magupperlimit upperlimit diffimglimmag maglimit fivesigmadepth m5 depth",
  alertId:
    "alertid candid diasourceid measurementid candidateid detectionid sourceid eventid noticeid alertidentifier ivorn id",
  // of an object, never of a target, field or programme: observers name those, and many objects lie in each
  objectId: "objectid diaobjectid oid objid objectname aid locusid transientid ssobjectid",
  objectName: "sourcename designation name",
  visit: "visit visitid expid exposureid ccdvisitid obsid observationid imageid exposure",
  field: "field fieldid fieldname",
} as const;

export type Role = keyof typeof names;

const fluxUnits = ["njy", "ujy", "mjy", "jy"] as const;

/** A flux may end in its unit, or be called after nothing else (ATLAS: uJy); of two, the one whose unit is known goes first. */
const withUnits = (fluxes: string[]): string[] => [
  ...fluxes.flatMap((name) => [...fluxUnits.map((unit) => name + unit), name]),
  ...fluxUnits,
];

const lists = Object.fromEntries(
  Object.entries(names).map(([role, text]) => [role, role === "flux" ? withUnits(text.split(" ")) : text.split(" ")]),
) as Record<Role, string[]>;

/** "MJD_obs" → "mjdobs". */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The unit that a flux's name ends in: "ujy" for `flux_uJy`. */
export const unitInName = (name: string): (typeof fluxUnits)[number] | undefined =>
  fluxUnits.find((unit) => plainName(name).endsWith(unit));

type Shape = SchemaField["shape"];
const numeric: Shape[] = ["number", "integer", "text"];
const allowed: Record<Role, Shape[]> = {
  ra: numeric,
  dec: numeric,
  time: numeric,
  band: ["text", "integer"],
  mag: ["number", "text"],
  flux: ["number", "integer"], // ATLAS gives whole µJy
  zeroPoint: ["number"],
  snr: ["number"],
  positive: ["boolean", "text", "integer", "number"],
  negative: ["boolean"],
  realBogus: ["number"],
  limit: ["number"],
  alertId: ["integer", "text"],
  objectId: ["integer", "text"],
  objectName: ["integer", "text"],
  visit: ["integer", "text"],
  field: ["integer", "text"],
};

/** The fields of a record that play a role, the most telling name first. */
export function fieldsFor(role: Role, fields: readonly SchemaField[]): SchemaField[] {
  const fit = fields.filter((field) => allowed[role].includes(field.shape));
  return lists[role].flatMap((name) => fit.filter((field) => plainName(field.name) === name));
}

/** Other ways to say "Julian date of the observation", for names that no list has; never of its history or reference. */
const someDate =
  /^(?!.*(start|end|first|last|ref|hist|proc|prv|prev|creat|ingest|publi|update|valid|peri|max|epoch)).*(mjd|jd).*$/;

export function timeFields(fields: readonly SchemaField[]): SchemaField[] {
  const found = fieldsFor("time", fields);
  if (found.length > 0) return found;
  const dates = fields.filter((field) => numeric.includes(field.shape) && someDate.test(plainName(field.name)));
  return dates.sort((a, b) => a.name.length - b.name.length);
}

/** The 1 sigma error that belongs to a field, by its name: magErr, sigmamag, e_mag, dmag, magunc …; sigmapsf to magpsf. */
export function errorField(of: SchemaField, fields: readonly SchemaField[]): SchemaField | undefined {
  const name = plainName(of.name);
  const unit = unitInName(name);
  const wanted = errorNames(name);
  if (unit !== undefined && name !== unit) {
    const stem = name.slice(0, -unit.length);
    wanted.push(...errorNames(stem).map((each) => each + unit));
    // an error that names no unit is of the flux that names none, where there is one
    if (!fields.some((field) => plainName(field.name) === stem)) wanted.push(...errorNames(stem));
  }
  const rest = fields.filter(
    (field) => (field.shape === "number" || field.shape === "integer") && plainName(field.name) !== name,
  );
  return wanted.flatMap((each) => rest.filter((field) => plainName(field.name) === each))[0];
}

function errorNames(name: string): string[] {
  const stem = name.replace(/^(mag|flux)(?=psf|ap|auto)/, "");
  return [
    ...["err", "unc", "error", "sigma", "uncertainty", "sig"].map((end) => name + end),
    ...["sigma", "e", "err", "unc", "d", "sig"].map((start) => start + name),
    name.replace(/^(mag|flux|fnu)(?=.)/, "$1err"), // SExtractor's MAGERR_AUTO
    ...(name.startsWith("mag") && stem !== name ? [`sigma${stem}`] : []),
    ...(name === "forcediffmagpsf" ? ["forcediffsigmapsf"] : []),
  ];
}
