import { BootcampError } from "../../errors";
import { type ConnectionOptions, connectionOf } from "../client/connection-settings";

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
