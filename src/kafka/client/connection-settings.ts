import { addresses, expectOwn, type FoundBroker, findBroker } from "../../broker/address";
import { type BrokerSettings, brokerProfile, DEFAULT_PROFILE } from "../../broker/credentials";
import { BootcampError } from "../../errors";
import { expectArgument } from "../../expect";

export interface ConnectionOptions {
  /** `host:port`, several with commas. Default: that of the profile, else the engine that runs here, else 127.0.0.1:9092. */
  bootstrap?: string | undefined;
  /**
   * A named set of address and credentials: `"fink"` is what the variables that begin with `FINK_` say, `"practice"` the
   * broker of `alerts up --secure`. Default: KAFKA_PROFILE, else the variables that begin with `KAFKA_`.
   */
  profile?: string | undefined;
}

/** Where a call goes and how it logs in. */
export interface Connection {
  /** `host:port`, several with commas. */
  address: string;
  settings: BrokerSettings;
  /** What group ids have to begin with; empty for no rule. */
  groupPrefix: string;
  profile: string;
  /** Of its variables: `KAFKA_`, `FINK_`. */
  prefix: string;
  /** For a command that a user is told to run: ` --profile fink`, or nothing for the default profile. */
  option: string;
}

/**
 * Puts address and credentials together. An address given without a profile gets the credentials only when it is the
 * profile's own: a password must not go to whichever broker is tried.
 *
 * @throws USAGE when the profile is not complete or the address is none; FILE_NOT_FOUND, FILE_ACCESS for its files
 */
export function connectionOf(options: ConnectionOptions): Connection {
  expectArgument("object", options, "options { bootstrap, profile }");
  const { name, prefix, bootstrap, settings, groupPrefix } = brokerProfile(options.profile);
  const address = addresses(brokerOf(options).address).join(",");
  const isOwn = options.profile !== undefined || isPartOf(address, bootstrap);
  const option = name === DEFAULT_PROFILE ? "" : ` --profile ${name}`;
  return {
    address,
    profile: name,
    prefix,
    option,
    ...(isOwn ? { settings, groupPrefix } : { settings: {}, groupPrefix: "" }),
  };
}

/** The broker that a call with these options goes to, and whether it may be somebody else's. */
export const brokerOf = ({ bootstrap, profile }: ConnectionOptions): FoundBroker =>
  bootstrap === undefined ? findBroker(profile) : { address: bootstrap };

/**
 * The first thing that every function does that changes, makes or deletes something at a broker.
 *
 * @throws USAGE when nothing named the broker and none of this checkout runs
 */
export const expectOwnBroker = (options: ConnectionOptions): void => expectOwn(brokerOf(options));

function isPartOf(address: string, bootstrap: string | undefined): boolean {
  if (bootstrap === undefined) return false;
  const own = addresses(bootstrap);
  return addresses(address).every((one) => own.includes(one));
}

/**
 * The consumer group to read as: the one that was named, else one made up here, which gets the profile's prefix.
 *
 * @throws GROUP_FORBIDDEN for a named group without the prefix: the broker would refuse it, after a while and in other words
 */
export function groupName(group: string | undefined, madeUp: string, options: ConnectionOptions): string {
  const { groupPrefix, prefix } = connectionOf(options);
  if (group === undefined) return groupPrefix + madeUp;
  if (!group.startsWith(groupPrefix)) {
    throw new BootcampError("GROUP_FORBIDDEN", `Expected a group that begins with "${groupPrefix}", got "${group}"`, {
      remedy: `name it "${groupPrefix}${group}": the broker lets this user read only as such groups (${prefix}GROUP_PREFIX)`,
      where: group,
    });
  }
  return group;
}
