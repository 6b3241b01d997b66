import { join } from "node:path";
import { untilInterrupted } from "../cell";
import { BootcampError, messageOf, usageError } from "../errors";
import { expectArgument } from "../expect";
import { bootcampHome } from "../version";
import { CdsCache } from "./cds-cache";
import { askCds, type CdsMatch, type CdsQuery, positionText } from "./cds-request";
import { withProperties } from "./crossmatch";
import type { SkyPosition } from "./sky";

/** Options of {@link crossmatchCds}. */
export interface CdsOptions {
  /** `"simbad"`, or a VizieR table as `"vizier:II/246/out"` (2MASS). */
  catalog: string;
  /** Arcseconds; the service allows up to 180. */
  radiusArcsec: number;
  /** Address of the service; default the one in Strasbourg. */
  url?: string;
  /** Where answers are kept; default `.bootcamp/cds`, or `cds` in BOOTCAMP_HOME. `null` keeps none. */
  cacheFolder?: string | null;
  /** Days after which a kept answer is asked again; default 30. */
  keepDays?: number;
  /** Positions per request; default 1000. */
  batchSize?: number;
  /** Seconds one request may take, at most 3600; default 60. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
  onProgress?: (progress: CdsCounts) => void;
}

/** Every alert is in exactly one of matched, unmatched, failed (and, while it runs, none of them yet). */
export interface CdsCounts {
  readonly alerts: number;
  readonly matched: number;
  /** Asked, and nothing lies within the radius. */
  readonly unmatched: number;
  /** Not answered: their `failed` says why. */
  readonly failed: number;
  /** Of those answered, how many without asking the service. */
  readonly fromCache: number;
  /** Requests made. */
  readonly requests: number;
}

/** What CDS answered for one alert. */
export interface CdsAnswer {
  /** The nearest entry, or null: nothing there when `failed` is null too, unknown otherwise. */
  readonly match: CdsMatch | null;
  /** Why this alert has no answer; null when it has one. */
  readonly failed: string | null;
}

/** The alerts with what CDS knows at their places. */
export interface CdsResult<A> {
  /** The alerts that came in, in their order, each with its answer. */
  readonly alerts: readonly (A & CdsAnswer)[];
  readonly counts: CdsCounts;
}

const strasbourg = "http://cdsxmatch.u-strasbg.fr/xmatch/api/v1/sync";
/** Then the service is taken to be down, and the rest is not asked. */
const failuresInARow = 3;

/**
 * Matches alerts with SIMBAD or a VizieR table at the CDS X-Match service in Strasbourg.
 *
 * Each alert is answered by its own position, the nearest entry within the radius. Positions go in batches, one request
 * at a time; answers are kept on disk, so a second run asks nothing. When a request fails, its alerts say so in `failed`
 * and the others go on; after three failures in a row the rest is not asked.
 * If it serves published work, CDS asks to be acknowledged.
 *
 * @throws USAGE for wrong options, ABORTED on `signal`; never because the service fails
 * @example
 * const { alerts, counts } = await match.crossmatchCds(bright, { catalog: "simbad", radiusArcsec: 1 });
 * countBy(alerts, (alert) => alert.failed ? "not answered" : (alert.match?.row.main_type ?? "Unknown"));
 */
export async function crossmatchCds<A extends SkyPosition>(
  alerts: Iterable<A> | AsyncIterable<A>,
  asked: CdsOptions,
): Promise<CdsResult<A>> {
  expectArgument("rows", alerts, "alerts in a list or a stream");
  expectArgument("object", asked, "options { catalog, radiusArcsec }");
  const signal = untilInterrupted(asked.signal);
  const options = { ...asked, ...(signal && { signal }) };
  const query = checked(options);
  const batchSize = options.batchSize ?? 1000;
  const folder = options.cacheFolder === undefined ? join(bootcampHome(), "cds") : options.cacheFolder;
  const cache = folder === null ? null : await CdsCache.open(folder, query, options.keepDays ?? 30);

  const all: A[] = [];
  for await (const alert of alerts) all.push(alert);
  const answers = new Array<CdsAnswer | undefined>(all.length);
  let [fromCache, requests, inARow] = [0, 0, 0];
  const counts = (): CdsCounts => {
    const known = answers.filter((each) => each !== undefined);
    const failed = known.filter((each) => each.failed !== null).length;
    const matched = known.filter((each) => each.match !== null).length;
    return { alerts: all.length, matched, unmatched: known.length - failed - matched, failed, fromCache, requests };
  };

  // Alerts at one position share its question, so each position is asked once.
  const toAsk = new Map<string, number[]>();
  all.forEach((alert, at) => {
    if (!(Number.isFinite(alert.ra) && Math.abs(alert.dec) <= 90)) {
      answers[at] = { match: null, failed: `no position (ra ${alert.ra}, dec ${alert.dec})` };
      return;
    }
    const position = positionText(alert);
    const kept = cache?.get(position);
    const sharing = toAsk.get(position);
    if (kept !== undefined) {
      answers[at] = { match: kept, failed: null };
      fromCache++;
    } else if (sharing) sharing.push(at);
    else toAsk.set(position, [at]);
  });

  const questions = [...toAsk];
  for (let start = 0; start < questions.length; start += batchSize) {
    if (options.signal?.aborted) throw new BootcampError("ABORTED", "The crossmatch was stopped on request");
    const batch = questions.slice(start, start + batchSize);
    let failed: string | null =
      inARow < failuresInARow ? null : `not asked: the service failed ${inARow} times in a row`;
    let matches: (CdsMatch | null)[] = [];
    if (failed === null) {
      requests++;
      try {
        matches = await askCds(
          batch.map(([, at]) => all[at[0]!]!),
          query,
        );
        inARow = 0;
      } catch (error) {
        if (error instanceof BootcampError && error.code === "ABORTED") throw error;
        failed = messageOf(error);
        inARow++;
      }
    }
    batch.forEach(([, at], n) => {
      for (const each of at) answers[each] = { match: matches[n] ?? null, failed };
    });
    if (failed === null) await cache?.add(batch.map(([position], n) => [position, matches[n] ?? null] as const));
    options.onProgress?.(counts());
  }
  return { alerts: all.map((alert, at) => withProperties(alert, answers[at]!)), counts: counts() };
}

function checked(options: CdsOptions): CdsQuery {
  const { catalog, radiusArcsec, batchSize = 1000, timeoutSeconds = 60, url = strasbourg, signal } = options;
  if (!/^(simbad|vizier:[\w./+-]+)$/i.test(catalog))
    throw usageError('catalog "simbad" or "vizier:…"', catalog, 'Name a VizieR table as "vizier:II/246/out"');
  if (!(radiusArcsec > 0 && radiusArcsec <= 180)) throw usageError("radiusArcsec above 0, at most 180", radiusArcsec);
  if (!(Number.isInteger(batchSize) && batchSize > 0)) throw usageError("a batchSize of at least 1", batchSize);
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 3600))
    throw usageError("timeoutSeconds above 0, at most 3600", timeoutSeconds);
  if (!/^https?:/.test(url)) throw usageError("an http or https url", url);
  return { catalog, radiusArcsec, url, timeoutSeconds, signal };
}
