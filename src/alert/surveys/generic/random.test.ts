import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { parseSchema } from "../../../avro/schema";
import { Alert } from "../../alert";
import { alertToJson } from "../../json";

let state = 20261121;
/** Numbers below n, the same in every run (linear congruence). */
const below = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * n);
};
const oneOf = <T>(all: readonly T[]): T => all[below(all.length)]!;

/** Names that mean something to the rules, in places where they do not belong as well. */
const names = (
  "ra dec decl RA DEC jd mjd midpointMjdTai time epoch date mag magpsf sigmapsf mag_err e_mag flux psfFlux psfFluxErr " +
  "fluxErr zp magzpsci snr isdiffpos isNegative rb drb reliability score diffmaglim limitingMag candid alertId diaSourceId " +
  "id objectId oid name field fid band filter visit forced host match prv_candidates detections fp_hists forced_sources " +
  "non_detections candidate diaSource cutoutScience stamps science position candidate_ra candidate_dec candidate_mag source_x"
).split(" ");
const values: Record<string, readonly unknown[]> = {
  int: [0, 1, -999, 2147483647],
  long: [0n, 1n, -1n, 9007199254740993n, 1700000000500000000n],
  float: [0, 1, -999, Number.NaN, Number.POSITIVE_INFINITY],
  double: [0, 59000.5, 2459000.5, Number.NaN, -9, 1e308],
  string: ["", "r", "ztf_g", "12:30:00", "2024-01-01T00:00:00Z", "nan", "\u0000", "59000"],
  boolean: [true, false],
  bytes: [Buffer.alloc(0), Buffer.from("x")],
  null: [null],
};
interface Made {
  type: unknown;
  value(): unknown;
}
let records = 0;

function plain(): Made {
  const type = oneOf(Object.keys(values));
  return { type, value: () => oneOf(values[type]!) };
}

function any(depth: number): Made {
  const kind = below(10);
  if (depth < 3 && kind < 2) return recordOf(depth + 1);
  if (depth < 3 && kind < 4) {
    const item = below(2) ? recordOf(depth + 1) : plain();
    const length = below(4);
    return { type: { type: "array", items: item.type }, value: () => Array.from({ length }, () => item.value()) };
  }
  const { type, value } = plain();
  return kind > 5 || type === "null"
    ? { type, value }
    : { type: ["null", type], value: () => (below(3) ? value() : null) };
}

/** With and without a namespace. */
function recordOf(depth: number): Made {
  const fields = [...new Set(Array.from({ length: 1 + below(12) }, () => oneOf(names)))].map((name) => ({
    name,
    ...any(depth),
  }));
  return {
    type: {
      type: "record",
      name: `${below(2) ? "made." : ""}r${records++}`,
      fields: fields.map(({ name, type }) => ({ name, type })),
    },
    value: () => Object.fromEntries(fields.map(({ name, value }) => [name, value()])),
  };
}

describe("packets of random shape", () => {
  it("are read without an error, with the right types, and as a plain decoder reads them", () => {
    for (let n = 0; n < 80; n++) {
      const { type, value } = recordOf(0);
      const schema = parseSchema(type as object);
      for (let k = 0; k < 2; k++) {
        const bytes = schema.type.toBuffer(value());
        const alert = new Alert(bytes, schema, { kind: "memory", record: 0 }, undefined, "bare");
        const wrong = faults(alert);
        const whole = schema.type.fromBuffer(bytes) as Record<string, unknown>;
        const packet = JSON.parse(alertToJson(alert.packet, { bytes: true }));
        if (!isDeepStrictEqual(packet, JSON.parse(alertToJson(whole, { bytes: true })))) wrong.push("packet");
        expect(wrong, schema.text).toEqual([]);
      }
    }
  });
});

/** Properties of the common view that are not what they have to be, whatever the packet. */
function faults(alert: Alert): string[] {
  const numbers = ["ra", "dec", "mjdUtc", "mag", "magErr", "fluxNJy", "fluxErrNJy", "snr", "realBogus"] as const;
  const { ra, dec, realBogus } = alert;
  const checks: Record<string, boolean> = {
    text: typeof alert.band === "string" && typeof alert.visitId === "string" && String(alert) !== "",
    sign: typeof alert.isPositive === "boolean",
    sky: !(ra < 0 || ra > 360 || dec < -90 || dec > 90),
    score: !(realBogus < 0 || realBogus > 1),
    lists: [alert.history, alert.upperLimits, alert.forced].every(Array.isArray),
    ids: [alert.alertId, alert.objectId].every((id) => id === null || /bigint|string/.test(typeof id)),
  };
  return [
    ...numbers.filter((name) => typeof alert[name] !== "number"),
    ...Object.keys(checks).filter((name) => !checks[name]),
  ];
}
