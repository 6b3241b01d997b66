import type { Command } from "commander";
import { usageError } from "../errors";
import * as kafka from "../kafka";
import { printText } from "../terminal";
import { json } from "./json";
import { action, table } from "./run";

/** `alerts groups list|describe|reset|delete` */
export function register(program: Command): void {
  const groups = program.command("groups").description("consumer groups: how far they are, and how to move them");
  groups
    .command("list")
    .description("groups, their members and their lag")
    .option("--json", "one JSON object per group")
    .action(action(list));
  groups
    .command("describe <group>")
    .description("offsets and lag by partition")
    .option("--json", "one JSON object")
    .action(action(describe));
  groups
    .command("reset <group> <topic>")
    .description("let a group without members begin elsewhere")
    .option("--yes", "also a group that is not there yet: it is made at that place")
    .requiredOption("--to <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00")
    .action(action(reset));
  groups.command("delete <groups...>").description("delete groups without members").action(action(remove));
}

async function list(options: { json?: boolean }): Promise<void> {
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

async function describe(group: string, options: { json?: boolean }): Promise<void> {
  const info = await kafka.describeGroup(group);
  if (options.json) {
    printText(json(info));
    return;
  }
  const rows = info.partitions.map((p) => ({ ...p, committed: p.committed ?? "none" }));
  printText(`${group}: ${info.state}, ${info.members} members (${info.type} protocol)`);
  printText(rows.length > 0 ? table(rows) : "it has committed no offset yet");
}

async function reset(group: string, topic: string, options: { to: string; yes?: boolean }): Promise<void> {
  // a name mistyped would make a group that nobody reads as, and leave the one that was meant where it is
  if (!options.yes && !(await kafka.listGroups()).includes(group))
    throw usageError(
      "a consumer group that is there",
      group,
      "npx alerts groups list shows which are; --yes makes this one",
    );
  const offsets = await kafka.resetGroup(group, topic, options.to);
  printText(table([...offsets].map(([partition, next]) => ({ group, topic, partition, next }))));
}

async function remove(groups: string[]): Promise<void> {
  for (const group of groups) {
    await kafka.deleteGroup(group);
    printText(`deleted ${group}`);
  }
}
