import type { Command } from "commander";
import { alertToJson, deleteGroup, describeGroup, listGroups, resetGroup } from "../index";
import { action, table } from "./run";

/** `alerts groups list|describe|reset|delete` */
export function register(program: Command): void {
  const groups = program.command("groups").description("consumer groups: how far they are, and how to move them");
  groups.command("list").description("groups, their members and their lag").option("--json").action(action(list));
  groups
    .command("describe <group>")
    .description("offsets and lag by partition")
    .option("--json")
    .action(action(describe));
  groups
    .command("reset <group> <topic>")
    .description("let a group without members begin elsewhere")
    .requiredOption("--to <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00")
    .action(action(reset));
  groups.command("delete <groups...>").description("delete groups without members").action(action(remove));
}

async function list(options: { json?: boolean }): Promise<void> {
  const rows = await Promise.all(
    (await listGroups()).map(async (name) => {
      const { state, members, partitions } = await describeGroup(name);
      const topics = [...new Set(partitions.map(({ topic }) => topic))].join(", ");
      return { group: name, state, members, topics, lag: partitions.reduce((sum, { lag }) => sum + lag, 0n) };
    }),
  );
  if (options.json) console.log(alertToJson(rows));
  else console.log(rows.length > 0 ? table(rows) : "no consumer groups yet");
}

async function describe(group: string, options: { json?: boolean }): Promise<void> {
  const info = await describeGroup(group);
  if (options.json) {
    console.log(alertToJson(info));
    return;
  }
  const rows = info.partitions.map((p) => ({ ...p, committed: p.committed ?? "none" }));
  console.log(`${group}: ${info.state}, ${info.members} members`);
  console.log(rows.length > 0 ? table(rows) : "it has committed no offset yet");
}

async function reset(group: string, topic: string, options: { to: string }): Promise<void> {
  const offsets = await resetGroup(group, topic, options.to);
  console.log(table([...offsets].map(([partition, next]) => ({ group, topic, partition, next }))));
}

async function remove(groups: string[]): Promise<void> {
  for (const group of groups) {
    await deleteGroup(group);
    console.log(`deleted ${group}`);
  }
}
