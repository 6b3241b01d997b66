import { type ConnectionOptions, withAdmin } from "./client/connection";
import { pause } from "./pace";

/** NON_EMPTY_GROUP: the broker has not seen the last member leave yet. */
const nonEmpty = 68;
const leaveMs = 3000;
const askAgainMs = 50;

/** Removes a made-up group whose members have left; without offsets it would expire by itself at the latest. */
export async function forgetGroup(group: string, options: ConnectionOptions): Promise<void> {
  const remove = withAdmin(options, async (admin) => {
    for (const end = performance.now() + leaveMs; ; await pause(askAgainMs)) {
      try {
        return await admin.deleteGroups([group]);
      } catch (error) {
        const [refused] = (error as { groups?: { errorCode?: number }[] }).groups ?? [];
        if (refused?.errorCode !== nonEmpty || performance.now() > end) throw error;
      }
    }
  });
  await remove.catch(() => {});
}
