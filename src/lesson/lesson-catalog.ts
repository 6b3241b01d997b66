import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BootcampError } from "../errors";
import { dataRoot } from "../version";
import { dataSetName } from "./data-set";
import { progressFile } from "./progress-store";

/** The catalogue that belongs to the data of a lesson. */
export interface LessonCatalog {
  /** For `match.loadCatalog`. */
  readonly path: string;
  /** Column that holds the class of an entry. */
  readonly classColumn: string;
  /** What it is, in one sentence. */
  readonly about: string;
}

/**
 * Finds the catalogue to match the lesson's alerts with. A simulated night has its own, written beside its alerts: in the
 * folder `simulated-7` (or `simulated`) of `.bootcamp`, where the launch scripts put it, or of the data folder. Real alerts
 * are matched with the General Catalogue of Variable Stars, `catalogs/gcvs.csv` of the data folder.
 *
 * @param dataSet default: what `lesson.useDataSet` said
 * @throws FILE_NOT_FOUND with the command that makes or fetches it
 * @example
 * const { path, classColumn } = lesson.catalog();
 * const catalogue = await match.loadCatalog(path);
 */
export function lessonCatalog(dataSet = dataSetName()): LessonCatalog {
  if (/\bsimulated\b/.test(dataSet)) return ofSimulatedNight(/simulated-(\d+)/.exec(dataSet)?.[1]);
  const path = join(dataRoot(), "catalogs", "gcvs.csv");
  if (!existsSync(path)) throw absent(path, "fetch it: npx alerts download --catalog");
  return { path, classColumn: "VarType", about: "General Catalogue of Variable Stars (Samus et al. 2017)" };
}

/** Without a seed the night that is found first. */
function ofSimulatedNight(seed: string | undefined): LessonCatalog {
  const names = seed === undefined ? ["simulated"] : [`simulated-${seed}`, "simulated"];
  const roots = [dirname(progressFile()), dataRoot()];
  const folders = roots.flatMap((root) => names.map((name) => join(root, name)));
  const folder = folders.find((one) => {
    const written = seedOf(one);
    return written !== undefined && (seed === undefined || written === seed);
  });
  if (folder === undefined) {
    const wanted = join(dataRoot(), names[0]!);
    throw absent(
      join(wanted, "catalog.csv"),
      `write it: npx alerts simulate ${seed === undefined ? "" : `--seed ${seed} `}--folder ${wanted}`,
    );
  }
  const path = join(folder, "catalog.csv");
  return { path, classColumn: "type", about: `catalogue of the simulated sky, seed ${seedOf(folder)}` };
}

/** Seed that the manifest of a simulated night names; undefined where there is no whole night. */
function seedOf(folder: string): string | undefined {
  try {
    return String(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).seed);
  } catch {
    return undefined;
  }
}

function absent(path: string, remedy: string): BootcampError {
  return new BootcampError("FILE_NOT_FOUND", `Expected the catalogue of this lesson at ${path}, found none`, {
    where: path,
    remedy,
  });
}
