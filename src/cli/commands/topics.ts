import { streamCommand } from "../../advice";
import { BootcampError } from "../../errors";
import * as kafka from "../../kafka";
import { printText } from "../../terminal";
import { command, commands } from "../command";
import { json } from "../json";
import { flag, number, type Values } from "../option";
import { table } from "../run";
import { broker } from "../shared-options";

const listOptions = { json: flag("--json", "print JSON: one object per topic"), ...broker };
const describeOptions = { json: flag("--json", "print one JSON object"), ...broker };
const createOptions = {
  partitions: number("--partitions <n>", "number of partitions", 4),
  replication: number("--replication <n>", "copies of each partition (default: number of brokers, at most 3)"),
  retentionHours: number("--retention-hours <h>", "how long messages are kept; -1 for ever (default: the broker's)"),
  ...broker,
};

export default commands("topics", { summary: "list, describe, create and delete topics", section: "Alerts in Kafka" }, [
  command("list", {
    summary: "list all topics, and how much they hold",
    options: listOptions,
    examples: ["alerts topics list", "alerts topics list --json | jq 'select(.offsets > 0)'"],
    run: list,
  }),
  command("describe <topic>", {
    summary: "show the partitions of a topic and their offsets",
    options: describeOptions,
    examples: ["alerts topics describe ztf-stream", "alerts topics describe ztf-stream --json"],
    run: describe,
  }),
  command("create <topic>", {
    summary: "create a topic that takes messages of up to 10 MB",
    options: createOptions,
    examples: ["alerts topics create mine", "alerts topics create mine --partitions 8 --retention-hours -1"],
    run: create,
  }),
  command("delete <topics...>", {
    summary: "delete topics and all they hold",
    options: broker,
    examples: ["alerts topics delete mine", "alerts topics delete mine other"],
    run: remove,
  }),
]);

async function list(options: Values<typeof listOptions>): Promise<void> {
  const rows = await Promise.all(
    (await kafka.listTopics()).map(async (topic) => {
      const info = await kafka.describeTopic(topic);
      return { topic, partitions: info.partitions.length, offsets: info.messages };
    }),
  );
  if (options.json) for (const row of rows) printText(json(row));
  else printText(rows.length ? table(rows) : `no topics yet; ${streamCommand()} makes one`);
}

async function describe(topic: string, options: Values<typeof describeOptions>): Promise<void> {
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

async function create(topic: string, options: Values<typeof createOptions>): Promise<void> {
  const { partitions, replication, retentionHours } = options;
  const made = await kafka.createTopic(topic, { partitions, replication, retentionHours });
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
