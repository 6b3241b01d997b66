import { refuse, usageError } from "../../errors";
import * as kafka from "../../kafka";
import { printText, say } from "../../terminal";
import { command, commands } from "../command";
import { json } from "../json";
import { flag, index, offset, text, type Values } from "../option";
import { table } from "../run";
import { broker } from "../shared-options";

const listOptions = { json: flag("--json", "print JSON: one object per group"), ...broker };
const describeOptions = { json: flag("--json", "print one JSON object"), ...broker };
const resetOptions = {
  to: text("--to <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00"),
  toOffset: offset("--to-offset <n>", "instead: this offset; -10 is ten before the end"),
  partition: index("-p, --partition <n>", "move it in this partition alone"),
  dryRun: flag("--dry-run", "show where it would read next; move nothing"),
  yes: flag("--yes", "create the group if it does not exist yet"),
  ...broker,
};

export default commands(
  "groups",
  { summary: "list, describe, move and delete consumer groups", section: "Alerts in Kafka" },
  [
    command("list", {
      summary: "list all groups, their members and their lag",
      options: listOptions,
      examples: ["alerts groups list", "alerts groups list --json | jq 'select(.lag > 0)'"],
      run: list,
    }),
    command("describe <group>", {
      summary: "show the offsets and the lag of a group by partition",
      options: describeOptions,
      examples: ["alerts groups describe mine", "alerts groups describe mine --json"],
      run: describe,
    }),
    command("reset <group> <topic>", {
      summary: "move a group that has no members to another place in a topic",
      options: resetOptions,
      examples: [
        "alerts groups reset mine ztf-stream --to earliest",
        "alerts groups reset mine ztf-stream --to 2026-11-21T03:00 --dry-run",
        "alerts groups reset mine ztf-stream --to-offset 1234 --partition 0",
      ],
      run: reset,
    }),
    command("delete <groups...>", {
      summary: "delete groups that have no members",
      options: broker,
      examples: ["alerts groups delete mine", "alerts groups delete mine other"],
      run: remove,
    }),
  ],
);

async function list(options: Values<typeof listOptions>): Promise<void> {
  const rows = await Promise.all(
    (await kafka.listGroups()).map(async (name) => {
      const { state, type, members, partitions, lag } = await kafka.describeGroup(name);
      const topics = [...new Set(partitions.map(({ topic }) => topic))];
      return { group: name, type, state, members, topics, lag };
    }),
  );
  if (options.json) for (const row of rows) printText(json(row));
  else if (rows.length === 0) printText("no consumer groups yet");
  else printText(table(rows.map((row) => ({ ...row, topics: row.topics.join(", ") }))));
}

async function describe(group: string, options: Values<typeof describeOptions>): Promise<void> {
  const info = await kafka.describeGroup(group);
  if (options.json) {
    printText(json(info));
    return;
  }
  const rows = info.partitions.map((p) => ({ ...p, committed: p.committed ?? "none" }));
  printText(`${group}: ${info.state}, ${info.members} members (${info.type} protocol)`);
  printText(rows.length > 0 ? table(rows) : "it has committed no offset yet");
}

async function reset(group: string, topic: string, options: Values<typeof resetOptions>): Promise<void> {
  const { to, toOffset, partition, dryRun } = options;
  if ((to === undefined) === (toOffset === undefined))
    throw refuse("one of --to and --to-offset", to === undefined ? "neither" : "both");
  const exists = (await kafka.listGroups()).includes(group);
  // a mistyped name would create a group that nobody reads as, and leave the one that was meant where it is
  if (!options.yes && !exists)
    throw usageError(
      "a consumer group that exists",
      group,
      "npx alerts groups list shows them; --yes creates this one",
    );
  const before = exists ? (await kafka.describeGroup(group)).partitions.filter((one) => one.topic === topic) : [];
  const next = await kafka.resetGroup(group, topic, to ?? { offset: toOffset! }, { partition, dryRun });
  const committed = (partition: number) => before.find((one) => one.partition === partition)?.committed ?? "none";
  printText(
    table(
      [...next]
        .sort(([a], [b]) => a - b)
        .map(([partition, next]) => ({ group, topic, partition, before: committed(partition), next })),
    ),
  );
  if (dryRun) say("dry run: the group was not moved");
}

async function remove(groups: string[]): Promise<void> {
  for (const group of groups) {
    await kafka.deleteGroup(group);
    printText(`deleted ${group}`);
  }
}
