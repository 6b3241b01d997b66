import { brokerProfile } from "./credentials";
import { readState } from "./state";

export const DEFAULT_PORT = 9092;

/** Where a broker is looked for when nothing says otherwise. */
export const DEFAULT_BOOTSTRAP = `127.0.0.1:${DEFAULT_PORT}`;

/**
 * Address of the broker, `host:port` or several with commas: that of the profile (`KAFKA_BOOTSTRAP` without one), else
 * the engine that runs here, else `127.0.0.1:9092`. Nothing is asked over the network.
 *
 * @param profile default: `KAFKA_PROFILE`
 * @throws USAGE when the profile is not complete
 * @example
 * const night = await subscribe("ztf-stream", { bootstrap: bootstrapServers() });
 */
export function bootstrapServers(profile?: string): string {
  return brokerProfile(profile).bootstrap ?? readState()?.bootstrap ?? DEFAULT_BOOTSTRAP;
}
