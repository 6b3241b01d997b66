import { createHash } from "node:crypto";
import { BootcampError } from "../../errors";
import { pause } from "../../pause";
import { withAdmin } from "../client/connection";
import { clientId } from "../client/kafkajs";
import type { WorkerOptions } from "./plan";

/** The broker's own minimum: a worker that died is replaced after so long. */
export const sessionSeconds = 6;
/** Members with other filters may have died: the broker forgets them after their session. */
const forgottenSeconds = 1.5 * sessionSeconds;

/**
 * Keeps apart who must not share a group: a member takes partitions away from the others, so all must run the same filters.
 * Kafka itself refuses a member whose assigner the others do not have, and the name of the assigner tells the filters.
 */
export class GroupCheck {
  readonly assigner: string;
  private waitUntil: number | undefined;

  constructor(private readonly options: WorkerOptions) {
    const names = options.filters.map(({ name }) => name).sort();
    const digest = createHash("sha256").update(JSON.stringify(names)).digest("base64url").slice(0, 12);
    this.assigner = `filters-${digest}`;
  }

  /** @throws USAGE at once when the group is held by something else than a filter job */
  async refuseOthers(): Promise<void> {
    const { bootstrap, profile, group } = this.options;
    const holder = await withAdmin({ bootstrap, profile, group }, async (admin) => {
      const listed = (await admin.listGroups()).find((one) => one.group === group);
      if (!listed) return undefined;
      const { state, clients, assigner } = await admin.describeGroup(group);
      if (listed.type === "consumer" || state === "Dead")
        return "Kafka's newer protocol for groups (KIP-848), which this job does not speak";
      const others = clients.filter((client) => client !== clientId);
      if (others.length === 0) return undefined;
      const names = [...new Set(others.map((client) => `"${client}"`))].join(", ");
      return `${others.length} of another program (client ${names}, assigner "${assigner}")`;
    });
    if (holder !== undefined) throw heldError(group, holder);
  }

  /**
   * @throws USAGE when the error is Kafka's way to say that members with other filters hold the group, and they are still
   *   there after the time in which one that has died is forgotten
   */
  async explain(error: unknown): Promise<void> {
    if (!isInconsistent(error)) return;
    await this.refuseOthers();
    const { group, warn } = this.options;
    if (this.waitUntil === undefined) {
      this.waitUntil = performance.now() + 1000 * forgottenSeconds;
      warn(`group "${group}" has members with other filters; waiting ${forgottenSeconds} s in case they have died`);
    }
    if (performance.now() > this.waitUntil) throw heldError(group, "some with other filters");
    await pause(500);
  }
}

function isInconsistent(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === "INCONSISTENT_GROUP_PROTOCOL" || (cause !== undefined && cause !== error && isInconsistent(cause));
}

function heldError(group: string, holder: string): BootcampError {
  return new BootcampError(
    "USAGE",
    `Expected group "${group}" without members but those of this job, it has ${holder}`,
    {
      remedy:
        "stop them first (all filters of a group run in one command, on as many processes as you like), or take a group of " +
        "this job's own: --group NAME",
      where: group,
    },
  );
}
