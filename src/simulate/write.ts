import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Alert } from "../alert/alert";
import type { Visit } from "../alert/types";
import { writeContainer } from "../avro/container-write";
import { BootcampError } from "../errors";
import { makeFolder } from "../folders";
import { version } from "../version";
import { type CatalogRow, toCatalogCsv } from "./catalog";
import { type TruthRow, toTruthCsv } from "./truth";

/** Options of `night.write()`. */
export interface NightWriteOptions {
  signal?: AbortSignal;
  /** Called now and then with the alerts written so far, at last with all. */
  onProgress?: (written: number, total: number) => void;
}

/** What was written of a night. */
export interface WrittenNight {
  readonly folder: string;
  readonly alerts: number;
  readonly bytes: number;
}

/** What is asked of a night to be written. */
export interface Writable {
  readonly seed: number;
  readonly night: number;
  readonly survey: string;
  readonly schemaVersion: string;
  readonly nightMjd: number;
  readonly alertCount: number;
  readonly visitCount: number;
  readonly truth: readonly TruthRow[];
  readonly catalog: readonly CatalogRow[];
  readonly classes: readonly { class: string; alerts: number }[];
  alerts(): AsyncIterable<Alert>;
  [Symbol.asyncIterator](): AsyncIterator<Visit<Alert>>;
}

/** Files of a night that are written at once. */
const atOnce = 32;

/** One file for each alert; a handful of alerts is held at a time, however many a visit has. */
async function* writeEach(night: Writable, folder: string): AsyncGenerator<readonly Alert[], void, undefined> {
  let batch: Alert[] = [];
  // the number is the survey's own and of digits alone, so it is safe as a name
  const flush = () => Promise.all(batch.map((alert) => writeFile(join(folder, `${alert.alertId}.avro`), alert.bytes)));
  for await (const alert of night.alerts()) {
    if (batch.push(alert) < atOnce) continue;
    await flush();
    yield batch;
    batch = [];
  }
  await flush();
  yield batch;
}

/** One container for each visit: an alert by itself would carry 30 kB of schema. */
async function* writeVisits(night: Writable, folder: string): AsyncGenerator<readonly Alert[], void, undefined> {
  for await (const { id, alerts } of night) {
    const records = alerts.map((alert) => alert.record);
    if (records.length) await writeFile(join(folder, `${id}.avro`), writeContainer(alerts[0]!.schema, records));
    yield alerts;
  }
}

/** Writes a night's alerts and tables. */
export async function writeNight(night: Writable, folder: string, options: NightWriteOptions): Promise<WrittenNight> {
  const { signal, onProgress } = options;
  let alerts = 0;
  let bytes = 0;
  try {
    makeFolder(folder);
    if (signal?.aborted) {
      throw new BootcampError("ABORTED", `Stopped after 0 of ${night.alertCount} alerts`, { where: folder });
    }
    for await (const some of night.survey === "lsst" ? writeVisits(night, folder) : writeEach(night, folder)) {
      alerts += some.length;
      bytes += some.reduce((sum, alert) => sum + alert.bytes.length, 0);
      onProgress?.(alerts, night.alertCount);
      if (signal?.aborted && alerts < night.alertCount) {
        throw new BootcampError("ABORTED", `Stopped after ${alerts} of ${night.alertCount} alerts`, { where: folder });
      }
    }
    await writeFile(join(folder, "truth.csv"), toTruthCsv(night.truth));
    await writeFile(join(folder, "catalog.csv"), toCatalogCsv(night.catalog));
    const manifest = {
      what: "simulated night",
      seed: night.seed,
      night: night.night,
      survey: night.survey,
      nightMjd: night.nightMjd,
      library: version,
      schema: night.schemaVersion,
      alerts,
      visits: night.visitCount,
      catalogRows: night.catalog.length,
      classes: Object.fromEntries(night.classes.map((c) => [c.class, c.alerts])),
    };
    // last, so that a folder with a manifest is a whole night
    await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (error) {
    if (error instanceof BootcampError) throw error;
    throw new BootcampError(
      "FILE_NOT_FOUND",
      `Expected a folder that can be written, got: ${(error as Error).message}`,
      {
        where: folder,
        remedy: "name another folder, or make room and set its permissions",
        cause: error,
      },
    );
  }
  return { folder, alerts, bytes };
}
