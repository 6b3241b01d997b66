import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkoutFile } from "../paths";

/**
 * The newest downloaded night that holds alerts, or undefined. Some nights of the archive are empty; they do not count.
 *
 * @param folder where `download_ztf_alert_data.sh` puts nights, one folder per UTC date (YYYYMMDD)
 * @example
 * const night = newestNight("data"); // "data/20181129"
 */
export function newestNight(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const nights = readdirSync(folder).filter((name) => /^\d{8}$/.test(name));
  return nights
    .sort()
    .reverse()
    .map((name) => join(folder, name))
    .find((path) => statSync(path).isDirectory() && readdirSync(path).some((name) => /\.avro(\.gz)?$/.test(name)));
}

/** True when `file` was written after the library was built last; what an older program made is made again. */
export function isNewerThanBuild(file: string): boolean {
  const built = checkoutFile("dist", "index.js");
  return existsSync(file) && (!existsSync(built) || statSync(file).mtimeMs > statSync(built).mtimeMs);
}
