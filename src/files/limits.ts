/** How much a hostile file may cost before it is refused. */
export interface ReadLimits {
  /** Largest single alert file after unpacking, bytes; default 512 MiB. Archives themselves may be of any size. */
  maxBytes?: number;
  /** Largest expansion of gzip data beyond `maxBytes`; default 200. Real alerts expand 2- to 10-fold, zeros 1000-fold. */
  maxRatio?: number;
  /** How deep archives may lie in archives; default 6. */
  maxDepth?: number;
  /** Most entries of one archive, those of archives in it included; default 1,000,000. A night of ZTF has up to 300,000. */
  maxEntries?: number;
}

export const defaultLimits: Required<ReadLimits> = {
  maxBytes: 512 * 2 ** 20,
  maxRatio: 200,
  maxDepth: 6,
  maxEntries: 1_000_000,
};

export const withDefaults = (limits: ReadLimits = {}): Required<ReadLimits> => ({
  maxBytes: limits.maxBytes ?? defaultLimits.maxBytes,
  maxRatio: limits.maxRatio ?? defaultLimits.maxRatio,
  maxDepth: limits.maxDepth ?? defaultLimits.maxDepth,
  maxEntries: limits.maxEntries ?? defaultLimits.maxEntries,
});

/** Bytes as a person reads them: `44 bytes`, `22.0 MB`, `70.3 GB` (decimal units, as disks are sold). */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
