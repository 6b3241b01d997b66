import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./version";

/** A script of the checkout; where it is not, as in the container, the command that does the same. */
const scriptOr = (script: string, command: string): string =>
  existsSync(join(projectRoot, script)) ? `./${script}` : `npx alerts ${command}`;

/**
 * The command that starts a stream.
 *
 * @param topic to publish to; one that is named after Rubin's LSST gets alerts of that survey
 * @example
 * streamCommand("lsst-stream"); // ./launch_alert_system.sh --survey lsst --topic lsst-stream
 */
export function streamCommand(topic?: string): string {
  const survey = topic !== undefined && /lsst|rubin/i.test(topic) ? " --survey lsst" : "";
  return `${scriptOr("launch_alert_system.sh", "stream start")}${survey}${topic === undefined ? "" : ` --topic ${topic}`}`;
}

/** The command that ends it. */
export const stopStreamCommand = (): string =>
  existsSync(join(projectRoot, "launch_alert_system.sh"))
    ? "./launch_alert_system.sh --stop"
    : "npx alerts stream stop";

/** The command that fetches a night of real alerts. */
export const downloadCommand = (): string => scriptOr("download_ztf_alert_data.sh", "download 20181129");

/** The command that starts JupyterLab and what it needs. */
export const labCommand = (): string => scriptOr("launch_bootcamp.sh", "lab start");

/**
 * What to add to the remedy of a failed download on a machine with a proxy, which Node does not use by itself; empty
 * without one, or when Node was told to.
 */
export function proxyAdvice(env: NodeJS.ProcessEnv = process.env): string {
  const name = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find((each) => env[each]);
  if (name === undefined || env["NODE_USE_ENV_PROXY"]) return "";
  return `; there is a proxy in ${name}, which Node uses with NODE_USE_ENV_PROXY=1 (from 22.21 and 24.5 on)`;
}
