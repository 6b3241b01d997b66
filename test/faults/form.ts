import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What a test that `npm test` has as well uses there, and in its full form: `npm run test:faults`. */
export const inForm = <T>(short: T, full: T): T => (process.env["BOOTCAMP_FAULTS"] === "full" ? full : short);

/** True when a test has to be skipped because a disk of its own cannot be mounted; in CI it fails instead. */
export function cannotMount(): boolean {
  if (process.getuid?.() === 0 || process.env["CI"]) return false;
  console.warn("skipped: a small disk needs mount, and with it root");
  return true;
}

/** Debian's library that gives one process a clock of its own. */
const faketimeLibrary = existsSync("/usr/lib")
  ? readdirSync("/usr/lib")
      .map((folder) => join("/usr/lib", folder, "faketime", "libfaketimeMT.so.1"))
      .find((path) => existsSync(path))
  : undefined;

/** True when a test has to be skipped because the package faketime is not there; in CI it fails instead. */
export function noFaketime(): boolean {
  if (faketimeLibrary !== undefined || process.env["CI"]) return false;
  console.warn("skipped: a clock step needs the package faketime");
  return true;
}

/** The environment of a process whose clock is that of the machine and what the file says, e.g. "+1h". */
export const faketime = (file: string): NodeJS.ProcessEnv => ({
  LD_PRELOAD: faketimeLibrary,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: "1",
  // a clock that is set does not move the monotonic one
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
});
