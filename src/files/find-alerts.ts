import { basename } from "node:path";
import type { Alert } from "../alert/alert";
import { usageError } from "../errors";
import type { AlertStream } from "../stream/alert-stream";
import { checkedPaths, type ReadOptions, readAlerts } from "./read-alerts";
import { walk } from "./walk";

/** Options of {@link findAlerts}. */
export interface FindOptions extends ReadOptions {
  /** Called as the search goes on: alerts looked at, and files there are to look into. */
  onProgress?: ((read: number, files: number) => void) | undefined;
}

/**
 * Alerts of an id among local files: the id of an alert (ZTF's `candid`), of its source (`diaSourceId`) or of its object.
 *
 * Files with the id in their name are read first, so that `limit: 1` finds an alert of a downloaded night at once; a search
 * for all reads every file once, some thousands a second. Ids need not be unique: all of ELAsTiCC's test alerts share one
 * alertId, and a stream that was sent twice has each alert twice.
 *
 * @param id a bigint or text, also as Rubin writes it (`LSST-AP-DS-<id>`); a number only below 2^53, beyond which it would have
 *   lost digits
 * @param paths as for `readAlerts`
 * @param options `limit` counts alerts found
 * @returns a promise of a stream; its ledger says how many alerts were looked at and what could not be read
 * @throws USAGE for an id that is none; otherwise as `readAlerts`
 * @example
 * const found = await files.findAlerts(1154308030015010004n, "data");
 * const [alert] = await found.toArray();
 */
export async function findAlerts(
  id: bigint | string | number,
  paths: string | readonly string[],
  options: FindOptions = {},
): Promise<AlertStream<Alert>> {
  const wanted = idText(id);
  const { limit, onProgress, ...reading } = options;
  const files = await namedFirst(wanted, checkedPaths(paths), options.recursive);
  let read = 0;
  const found = readAlerts(files, reading).filter((alert) => {
    onProgress?.(++read, files.length);
    return idsOf(alert).includes(wanted);
  });
  return limit === undefined ? found : found.take(limit);
}

/** Ids an alert can be asked for by, as text. Rubin's newer packets have no alertId but the source's. */
function idsOf(alert: Alert): string[] {
  return [alert.alertId, alert.objectId, alert.packet.diaSource?.diaSourceId].map(String);
}

/** Rubin writes its sources and objects as LSST-AP-DS-<id> and LSST-AP-DO-<id> in what people read. */
function idText(id: bigint | string | number): string {
  if (typeof id === "number" && !Number.isSafeInteger(id)) {
    throw usageError("an id as bigint or text, since a number this large has lost digits", id, "write 1154n or '1154'");
  }
  const text = String(id).trim();
  if (text === "" || text === "null") throw usageError("the id of an alert, source or object", id);
  return /^LSST-AP-D[SO]-(\d+)$/i.exec(text)?.[1] ?? text;
}

/** The files under the paths, those with the id in their name in front. */
async function namedFirst(id: string, paths: readonly string[], recursive = true): Promise<string[]> {
  const named: string[] = [];
  const others: string[] = [];
  // whole numbers and names only: 123 is not in 91234.avro
  const whole = new RegExp(`(?<![0-9])${id.replace(/[^A-Za-z0-9]/g, "\\$&")}(?![0-9])`);
  for await (const { path } of walk(paths, recursive)) (whole.test(basename(path)) ? named : others).push(path);
  return named.length + others.length > 0 ? [...named, ...others] : [...paths];
}
