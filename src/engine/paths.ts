import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "../errors";
import { bootcampHome, projectRoot, sharedHome } from "../version";

/** Folder of the checkout. */
export const engineRoot = projectRoot;

/**
 * Folder of the engine's state: configuration, data, logs, pids. `BOOTCAMP_HOME` moves it, so that several engines can
 * run side by side; the downloaded programs stay in {@link sharedFolder}, because every engine can use the same ones.
 */
export const engineHome = bootcampHome;

/** Folder of the downloaded programs: one for all engines. */
export const sharedFolder = sharedHome;

/** Python environment with JupyterLab. A link to the folder that really holds it, so that a new one is swapped in whole. */
export function venvFolder(): string {
  return join(sharedFolder(), "venv");
}

/** File of the checkout that the engine reads, e.g. `checkoutFile("docker", "kafka", "pom.xml")`. */
export function checkoutFile(...parts: string[]): string {
  return join(engineRoot, ...parts);
}

/** Kafka release pinned in `docker/kafka/pom.xml`, e.g. `4.2.1`. */
export function kafkaVersion(): string {
  const pom = checkoutFile("docker", "kafka", "pom.xml");
  const version = /<kafka\.version>([^<]+)</.exec(readFileSync(pom, "utf8"))?.[1];
  if (!version) {
    throw new BootcampError("ENGINE_FAILED", "Expected <kafka.version> in the Maven file, found none", {
      where: pom,
      remedy: "restore docker/kafka/pom.xml from the repository",
    });
  }
  return version;
}

/** Folder of the Kafka jars of the pinned release. */
export function kafkaFolder(): string {
  return join(sharedFolder(), `kafka-${kafkaVersion()}`);
}

/** Fingerprint of files and words; an installation with another fingerprint is out of date. */
export function fingerprint(files: readonly string[], ...words: string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  for (const word of words) hash.update(word).update("\0");
  return hash.digest("hex").slice(0, 16);
}
