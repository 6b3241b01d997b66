import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { downloadCommand } from "../advice";
import { isNewerThanBuild, newestNight } from "../engine/stream/data-choice";
import { BootcampError, usageError } from "../errors";
import * as files from "../files";
import { simulateNight } from "../simulate/night";
import { expectOneAlert } from "./one-alert";
import { type NightFlags, simulatedNight } from "./simulated-night";

/** What a stream publishes. */
export interface StreamData {
  path: string;
  /** For a person: what it is, and why it was chosen. */
  about: string;
  /** Set when it is a simulated night. */
  simulate?: { seed: number; survey: "ztf" | "lsst" };
}

/** The night that the lessons know the answers of. */
const SEED = 7;

/**
 * The alerts to publish: the folder or file named, else the newest downloaded night, else the simulated one.
 *
 * @throws FILE_NOT_FOUND when nothing is there
 */
export function chooseData(named: string | undefined, survey: string): StreamData {
  if (survey !== "ztf" && survey !== "lsst") throw usageError("--survey ztf or lsst", survey);
  if (named !== undefined && named !== "simulated") {
    if (existsSync(named)) return { path: resolve(named), about: named };
    throw new BootcampError("FILE_NOT_FOUND", "Expected a folder or file of alerts, found nothing there", {
      where: named,
      remedy: `${downloadCommand()} fetches a night; without --data a simulated one is used`,
    });
  }
  const night = named === undefined && survey === "ztf" ? newestNight(files.dataRoot()) : undefined;
  if (night !== undefined) return { path: night, about: `the newest night, ${relative(process.cwd(), night)}` };
  // folders are named as the lessons know the data
  const path = join(files.dataRoot(), survey === "ztf" ? `simulated-${SEED}` : `simulated-${survey}-${SEED}`);
  const why = named === undefined && survey === "ztf" ? "no downloaded night is there, so " : "";
  const about = `${why}the simulated ${survey === "ztf" ? "" : "LSST "}night of seed ${SEED}, whose truth is known`;
  return { path, about, simulate: { seed: SEED, survey } };
}

/**
 * Sees that there will be alerts to publish: for files that hold none, or a night that cannot be, no stream is ended.
 *
 * @throws USAGE; what is wrong with the first file when none can be read
 */
export async function checkData(
  { path, simulate }: StreamData,
  flags: Omit<NightFlags, "seed">,
  signal: AbortSignal,
): Promise<void> {
  if (simulate === undefined) await expectOneAlert([path], { signal });
  else simulatedNight(simulate.survey, { ...flags, seed: simulate.seed });
}

/**
 * Writes the simulated night, unless it is there and was made by this build. LSST's is as large as the topic it fills, so it is
 * made as it is sent.
 */
export async function prepareData({ path, simulate }: StreamData, signal: AbortSignal): Promise<void> {
  // the manifest is written last, so that a folder with one is whole
  if (simulate === undefined || simulate.survey === "lsst" || isNewerThanBuild(join(path, "manifest.json"))) return;
  if (existsSync(path)) {
    // only what the simulator itself writes: ids as names
    for (const name of readdirSync(path)) if (/^\d+\.avro$/.test(name)) rmSync(join(path, name));
  }
  await simulateNight(simulate).write(path, { signal });
}
