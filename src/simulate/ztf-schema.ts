/**
 * ZTF's alert schema 4.02 as names and types, `?` for "or null" (null first, default null), in the order of the bytes.
 * The survey's own files also carry a sentence of documentation per field, left out here.
 */
const image = `xpos:float? ypos:float?`;
const measured =
  `magpsf sigmapsf chipsf magap sigmagap distnr magnr sigmagnr chinr sharpnr sky magdiff fwhm classtar mindtoedge
  magfromlim seeratio aimage bimage aimagerat bimagerat elong`
    .split(/\s+/)
    .map((name) => `${name}:float?`)
    .join(" ");
const flags = `nneg:int? nbad:int? rb:float? ssdistnr:float? ssmagnr:float? ssnamenr:string? sumrat:float? magapbig:float?
  sigmagapbig:float?`;
const panStarrs = (n: number) =>
  `sgmag${n} srmag${n} simag${n} szmag${n} sgscore${n} distpsnr${n}`.replace(/(\d)( |$)/g, "$1:float?$2");
const start = `jd:double fid:int pid:long diffmaglim:float? pdiffimfilename:string? programpi:string? programid:int`;
const where = `tblid:long? nid:int? rcid:int? field:int? ${image}`;

/** Fields of the inner records. */
export const fields = {
  candidate: `${start} candid:long isdiffpos:string ${where} ra:double dec:double
    ${measured.replace("magpsf:float? sigmapsf:float?", "magpsf:float sigmapsf:float")} ${flags} ranr:double decnr:double
    ${panStarrs(1)} ndethist:int ncovhist:int jdstarthist:double? jdendhist:double? scorr:double? tooflag:int?
    objectidps1:long? objectidps2:long? ${panStarrs(2)} objectidps3:long? ${panStarrs(3)} nmtchps:int rfid:long
    jdstartref:double jdendref:double nframesref:int rbversion:string dsnrms:float? ssnrms:float? dsdiff:float?
    magzpsci:float? magzpsciunc:float? magzpscirms:float? nmatches:int clrcoeff:float? clrcounc:float? zpclrcov:float?
    zpmed:float? clrmed:float? clrrms:float? neargaia:float? neargaiabright:float? maggaia:float? maggaiabright:float?
    exptime:float? drb:float? drbversion:string`,
  prv_candidate: `${start} candid:long? isdiffpos:string? ${where} ra:double? dec:double? ${measured} ${flags} ranr:double?
    decnr:double? scorr:double? magzpsci:float? magzpsciunc:float? magzpscirms:float? clrcoeff:float? clrcounc:float?
    rbversion:string`,
  fp_hist: `field:int? rcid:int? fid:int pid:long rfid:long sciinpseeing:float? scibckgnd:float? scisigpix:float?
    magzpsci:float? magzpsciunc:float? magzpscirms:float? clrcoeff:float? clrcounc:float? exptime:float? adpctdif1:float?
    adpctdif2:float? diffmaglim:float? programid:int jd:double forcediffimflux:float? forcediffimfluxunc:float?
    procstatus:string? distnr:float? ranr:double decnr:double magnr:float? sigmagnr:float? chinr:float? sharpnr:float?`,
  cutout: "fileName:string stampData:bytes",
};

export const ztfSchemaVersion = "4.02";

/** The schema of an inner record. */
export function record(name: keyof typeof fields): object {
  const list = fields[name].split(/\s+/).map((field) => {
    const [fieldName, type] = field.split(":") as [string, string];
    return type.endsWith("?")
      ? { name: fieldName, type: ["null", type.slice(0, -1)], default: null }
      : { name: fieldName, type };
  });
  return { type: "record", name: `ztf.alert.${name}`, version: ztfSchemaVersion, fields: list };
}

const orNull = (name: string, type: unknown) => ({ name, type: ["null", type], default: null });
const arrayOf = (name: keyof typeof fields) => ({ type: "array", items: record(name) });

/** The schema that every simulated ZTF packet carries. */
export const ztfSchema = {
  type: "record",
  name: "ztf.alert",
  version: ztfSchemaVersion,
  doc: "Schema of ZTF alerts, version 4.02, as carried by simulated packets",
  fields: [
    { name: "schemavsn", type: "string" },
    { name: "publisher", type: "string" },
    { name: "objectId", type: "string" },
    { name: "candid", type: "long" },
    { name: "candidate", type: record("candidate") },
    orNull("prv_candidates", arrayOf("prv_candidate")),
    orNull("fp_hists", arrayOf("fp_hist")),
    orNull("cutoutScience", record("cutout")),
    orNull("cutoutTemplate", "ztf.alert.cutout"),
    orNull("cutoutDifference", "ztf.alert.cutout"),
  ],
} as const;
