import type { AlertView, Detection, Stamp, StampKind } from "../../src/alert/types";

/** A repeatable source of numbers between 0 and 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function detection(mjdUtc: number, band: string, mag: number, more: Partial<Detection> = {}): Detection {
  const fluxNJy = Number((10 ** ((31.4 - mag) / 2.5)).toFixed(1));
  const point = { mjdUtc, band, mag, magErr: 0.1, fluxNJy, fluxErrNJy: 50, isPositive: true };
  return { ...point, ra: 10, dec: 20, realBogus: 0.9, alertId: null, ...more };
}

/** A 3 × 2 stamp with pixel values 1 to 6 (difference: one blank). */
export function stamp(kind: StampKind, more: Partial<Stamp> = {}): Stamp {
  const pixels = Float32Array.of(1, 2, 3, 4, 5, kind === "difference" ? Number.NaN : 6);
  return { kind, fileName: `${kind}.fits.gz`, width: 3, height: 2, pixels, unit: "DN", header: {}, ...more };
}

/** A supernova-like alert with everything a plot may want. */
export function alertView(more: Partial<AlertView> = {}): AlertView {
  const own = detection(60010, "r", 18);
  return {
    ...own,
    survey: "ztf",
    alertId: 2475433850015010009n,
    objectId: "ZTF23abcdefg",
    snr: 20,
    history: [
      detection(60002, "g", 19.5),
      detection(60004, "r", 19, { isPositive: false }),
      detection(60006, "g", Number.NaN),
    ],
    upperLimits: [{ mjdUtc: 60000, band: "r", mag: 20.5 }],
    forced: [{ mjdUtc: 60001, band: "g", fluxNJy: -30, fluxErrNJy: 40 }],
    stamps: { science: stamp("science"), template: stamp("template"), difference: stamp("difference") },
    visitId: "1",
    field: 500,
    packet: {},
    origin: { kind: "memory", record: 0 },
    bytes: Buffer.alloc(0),
    ...more,
  } as AlertView;
}
