import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "../../errors";
import { draftOf } from "../../write-whole";
import { fingerprint } from "../paths";
import { lastLines, run } from "../process/programs";
import { clearDrafts, swapIn } from "./drafts";
import { requireMaven } from "./toolchain";

/** Jars that a Maven file names, and where they are kept. */
export interface Jars {
  pom: string;
  /** Folder that holds `libs` with the jars. */
  place: string;
}

const STAMP = "pom.fingerprint";

/** True when the jars are there, fetched with the Maven file as it is now. */
export function jarsAreThere({ pom, place }: Jars): boolean {
  const stamp = join(place, STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint([pom]);
}

/**
 * Fetches jars with Maven; they appear whole or not at all. The caller holds the setup lock.
 *
 * @param what name of the jars, for an error
 * @throws MISSING_PROGRAM without Maven, DOWNLOAD when it cannot fetch them, ABORTED
 */
export async function fetchJars({ pom, place }: Jars, what: string, signal?: AbortSignal): Promise<void> {
  const maven = await requireMaven(signal);
  clearDrafts(place);
  const draft = draftOf(place);
  mkdirSync(draft);
  try {
    // Maven reads the copy: a pom.xml edited meanwhile must not end under the wrong fingerprint
    copyFileSync(pom, join(draft, "pom.xml"));
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${join(draft, "libs")}`];
    const answer = await run(maven.program, ["-q", "-B", "-f", join(draft, "pom.xml"), ...goal], { signal });
    if (answer?.code !== 0) {
      throw new BootcampError(
        "DOWNLOAD",
        `Maven could not fetch ${what}:\n${lastErrors(`${answer?.stdout}\n${answer?.stderr}`)}`,
        { remedy: "check the network and the settings in ~/.m2, then run it again" },
      );
    }
    writeFileSync(join(draft, STAMP), fingerprint([join(draft, "pom.xml")]));
    swapIn(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Maven ends with ten lines of advice; what went wrong stands in its first lines marked ERROR. */
function lastErrors(text: string): string {
  const errors = text.split("\n").filter((line) => /\[ERROR\]|^\[FATAL\]/.test(line) && line.length > 12);
  return errors.length > 0 ? lastLines(errors.slice(0, 2).join("\n"), 2) : lastLines(text);
}
