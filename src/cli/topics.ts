import type { Command } from "commander";
import { streamCommand } from "../advice";
import { BootcampError } from "../errors";
import * as kafka from "../kafka";
import { printText } from "../terminal";
import { json } from "./json";
import { action, number, table } from "./run";

/** `alerts topics list|describe|create|delete` */
export function register(program: Command): void {
  const topics = program.command("topics").description("list, describe, create and delete topics");
  topics
    .command("list")
    .description("topics and how much they hold")
    .option("--json", "one JSON object per topic")
    .action(action(list));
  topics
    .command("describe <topic>")
    .description("partitions and their offsets")
    .option("--json", "one JSON object")
    .action(action(describe));
  topics
    .command("create <topic>")
    .description("create a topic that takes messages of 10 MB")
    .option("--partitions <n>", "number of partitions", "4")
    .option("--replication <n>", "copies of each partition (default: number of brokers, at most 3)")
    .option("--retention-hours <h>", "how long messages are kept; -1 for ever")
    .action(action(create));
  topics.command("delete <topics...>").description("delete topics and what they hold").action(action(remove));
}

async function list(options: { json?: boolean }): Promise<void> {
  const rows = await Promise.all(
    (await kafka.listTopics()).map(async (topic) => {
      const info = await kafka.describeTopic(topic);
      return { topic, partitions: info.partitions.length, offsets: info.messages };
    }),
  );
  if (options.json) for (const row of rows) printText(json(row));
  else printText(rows.length ? table(rows) : `no topics yet; ${streamCommand()} makes one`);
}

async function describe(topic: string, options: { json?: boolean }): Promise<void> {
  const info = await kafka.describeTopic(topic);
  const rows = info.partitions.map((p) => ({
    partition: p.partition,
    leader: p.leader,
    replicas: p.replicas,
    first: p.first,
    next: p.next,
    offsets: p.next - p.first,
  }));
  if (options.json) printText(json({ topic, offsets: info.messages, partitions: rows }));
  else
    printText(
      `${topic}: ${info.messages} offsets in ${rows.length} partitions\n${table(rows.map((row) => ({ ...row, replicas: row.replicas.join(",") })))}`,
    );
}

async function create(
  topic: string,
  options: { partitions: string; replication?: string; retentionHours?: string },
): Promise<void> {
  const made = await kafka.createTopic(topic, {
    partitions: number("--partitions", options.partitions),
    replication: number("--replication", options.replication),
    retentionHours: number("--retention-hours", options.retentionHours),
  });
  printText(made ? `created ${topic}` : `${topic} was there already`);
}

async function remove(topics: string[]): Promise<void> {
  const absent: string[] = [];
  for (const topic of topics) {
    if (await kafka.deleteTopic(topic)) printText(`deleted ${topic}`);
    else absent.push(topic);
  }
  if (absent.length) {
    throw new BootcampError("TOPIC_ABSENT", `Expected topics to delete, there is none named ${absent.join(", ")}`, {
      remedy: "npx alerts topics list",
    });
  }
}
