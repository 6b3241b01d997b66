import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as astro from "../alert";
import type { Alert } from "../alert/alert";
import { alertToJson } from "../alert/json";
import { BootcampError, messageOf } from "../errors";
import * as files from "../files";
import { makeFolder } from "../folders";
import * as plot from "../plot";
import { escapeJson, say } from "../terminal";
import type { Values } from "./option";
import type { outputs } from "./shared-options";

/** The alert's own files as asked for; each is named on stderr. */
export async function saveFiles(
  alert: Alert,
  { save, stamps }: Pick<Values<typeof outputs>, "save" | "stamps">,
): Promise<void> {
  if (save !== undefined) say(`saved ${await files.saveAlert(alert, save)}`);
  if (stamps === undefined) return;
  const images = await files.saveStamps(alert, stamps);
  for (const file of images) say(`saved ${file}`);
  if (images.length === 0) say("the alert holds no stamps");
}

/** The light curve of one alert, or of several of one object together. */
export function savePlot(alerts: readonly Alert[], path: string): void {
  const figure = plot.lightCurve(alerts.length === 1 ? alerts[0]! : astro.lightCurve(alerts));
  try {
    makeFolder(dirname(resolve(path)));
    if (/\.svg$/i.test(path)) writeFileSync(path, plot.sketch(figure));
    else plot.saveHtml(figure, path);
  } catch (error) {
    throw new BootcampError("FILE_ACCESS", `Expected to write ${path}: ${messageOf(error)}`, { where: path });
  }
  say(`saved ${path}`);
}

/**
 * The packet as JSON with sorted keys; 64-bit integers as text, NaN as null, bytes as their length.
 * @param indent spaces; 0 for one line
 */
export function packetJson(alert: Alert, indent: number): string {
  return escapeJson(JSON.stringify(sorted(JSON.parse(alertToJson(alert.packet))), null, indent));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
