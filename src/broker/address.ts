import { BootcampError, usageError } from "../errors";
import { say } from "../terminal";
import { brokerProfile } from "./credentials";
import { readState, seemsToRun } from "./engine-state";

export const DEFAULT_PORT = 9092;

/** Where a broker is looked for when nothing says otherwise. */
export const DEFAULT_BOOTSTRAP = `127.0.0.1:${DEFAULT_PORT}`;

/** The broker that a call without an address goes to. */
export interface FoundBroker {
  /** `host:port`, several with commas. */
  address: string;
  /**
   * Why it may be somebody else's: nothing named it, and no engine of this checkout runs. Whoever shares this machine
   * may have a Kafka there. Undefined for one's own.
   */
  doubt?: string;
}

/**
 * The broker of the profile (`KAFKA_BOOTSTRAP` without one), else the engine that runs here, else whatever is at
 * `127.0.0.1:9092`. Nothing is asked over the network.
 *
 * @param profile default: `KAFKA_PROFILE`
 * @throws USAGE when the profile is not complete, FILE_ACCESS when the engine's state is damaged
 */
export function findBroker(profile?: string): FoundBroker {
  const named = brokerProfile(profile).bootstrap;
  if (named !== undefined) return { address: named };
  const state = readState();
  if (!state) return { address: DEFAULT_BOOTSTRAP, doubt: "no Kafka was started here" };
  if (seemsToRun(state)) return { address: state.bootstrap };
  return { address: state.bootstrap, doubt: "the Kafka that was started here has ended" };
}

/**
 * Address of the broker, `host:port` or several with commas: that of the profile (`KAFKA_BOOTSTRAP` without one), else
 * the engine that runs here, else `127.0.0.1:9092`. Nothing is asked over the network.
 *
 * @param profile default: `KAFKA_PROFILE`
 * @throws USAGE when the profile is not complete
 * @example
 * const night = await subscribe("ztf-stream", { bootstrap: kafka.bootstrapServers() });
 */
export const bootstrapServers = (profile?: string): string => findBroker(profile).address;

/**
 * Called before anything is changed, made or deleted at a broker that nobody named: on a machine that is shared, what
 * listens at the usual place may be somebody else's.
 *
 * @throws USAGE when it may be
 */
export function expectOwn({ address, doubt }: FoundBroker): void {
  if (doubt === undefined) return;
  throw new BootcampError(
    "USAGE",
    `Expected a Kafka of your own to write to: ${doubt}, and what answers at ${address} may be somebody else's`,
    {
      remedy: `start one: npx alerts up; or say that it is the one meant: KAFKA_BOOTSTRAP=${address}, -b ${address} for alerts`,
    },
  );
}

const said = new Set<string>();

/** Says once that what is read comes from a broker that nobody named. */
export function sayDoubt({ address, doubt }: FoundBroker): void {
  if (doubt === undefined || said.has(address)) return;
  said.add(address);
  say(`${doubt}: reading from what answers at ${address}; for a Kafka of your own: npx alerts up`);
}

/** The brokers of an address, one by one. An IPv6 host stands in brackets, as in an URL: `[::1]:9092`. */
export function addresses(bootstrap: string): string[] {
  return bootstrap.split(",").map((one) => {
    const address = one.trim();
    const port = Number(/^(?:[^:\s/[\]]+|\[[0-9a-f:.]+(?:%\w+)?\]):(\d+)$/i.exec(address)?.[1]);
    if (!(port >= 1 && port <= 65_535)) {
      throw usageError("a broker's address as host:port, or [host]:port for IPv6", address);
    }
    return address;
  });
}

/** Host, without brackets, and port of one address. */
export function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(":");
  return { host: address.slice(0, at).replace(/^\[(.*)\]$/, "$1"), port: Number(address.slice(at + 1)) };
}
