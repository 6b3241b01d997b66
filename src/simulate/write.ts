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

export interface NightWriteOptions {
  signal?: AbortSignal;
  /** Called after each visit with the alerts written so far. */
  onProgress?: (written: number, total: number) => void;
}

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
  visits(): Iterable<Visit<Alert>>;
}

/** Writes a night's alerts and tables, a visit at a time. */
export async function writeNight(night: Writable, folder: string, options: NightWriteOptions): Promise<WrittenNight> {
  const { signal, onProgress } = options;
  let alerts = 0;
  let bytes = 0;
  try {
    makeFolder(folder);
    for (const visit of night.visits()) {
      if (signal?.aborted) {
        throw new BootcampError("ABORTED", `Stopped after ${alerts} of ${night.alertCount} alerts`, { where: folder });
      }
      // the number is the survey's own and of digits alone, so it is safe as a name
      if (night.survey === "lsst") {
        // one container for each visit: an alert by itself would carry 30 kB of schema
        const records = visit.alerts.map((alert) => alert.record);
        if (records.length)
          await writeFile(join(folder, `${visit.id}.avro`), writeContainer(visit.alerts[0]!.schema, records));
      } else
        await Promise.all(visit.alerts.map((alert) => writeFile(join(folder, `${alert.alertId}.avro`), alert.bytes)));
      alerts += visit.alerts.length;
      bytes += visit.alerts.reduce((sum, alert) => sum + alert.bytes.length, 0);
      onProgress?.(alerts, night.alertCount);
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
