import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { type ReadOptions, readAlerts } from "../../src/files/read-alerts";
import type { Failure } from "../../src/stream/ledger";
import { dataFolder } from "../helpers/data";

/** Three files of the real ZTF alerts, as bytes. */
export function firstAlerts(): [Buffer, Buffer, Buffer] {
  const names = readdirSync(dataFolder("ztf")).slice(0, 3);
  return names.map((name) => readFileSync(dataFolder("ztf", name))) as [Buffer, Buffer, Buffer];
}

/** The id of the alert in these bytes, as {@link readAll} gives it. */
export const idOf = (bytes: Buffer): string => `${decodeAlert(bytes).alertId}`;

/** What writes bytes to a file of their own under `folder`, and returns its path. */
export function filesIn(folder: string): (bytes: Buffer | string, name?: string) => string {
  let made = 0;
  return (bytes, name = "x.avro") => {
    const place = join(folder, String(made++));
    mkdirSync(place);
    writeFileSync(join(place, name), bytes);
    return join(place, name);
  };
}

/** Ids in reading order, and what could not be read. */
export async function readAll(paths: string | string[], options: ReadOptions = {}) {
  const failures: Failure[] = [];
  const stream = readAlerts(paths, { ...options, onFailure: (failure) => failures.push(failure) });
  const ids = await stream.map((alert) => `${alert.alertId}`).toArray();
  expect(stream.ledger.read).toBe(ids.length + failures.length);
  expect(stream.ledger.failed).toBe(failures.length);
  expect(stream.ledger.pending).toBe(0);
  return { ids, failures, errors: failures.map((failure) => failure.error as any) };
}
