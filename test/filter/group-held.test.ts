import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, describe, expect, inject, it } from "vitest";
import { createTopic } from "../../src/kafka/admin/topics";
import { runFilters } from "../../src/kafka/filter/filter";
import { makeAlert } from "../helpers/alerts";
import { needs, python } from "../helpers/data";
import { runPython } from "../helpers/python";

const bootstrap = inject("bootstrap");

/** A member of a group by librdkafka, which says when it has partitions. */
const member = `
import sys
from confluent_kafka import Consumer
bootstrap, protocol, group, topic = sys.argv[1:5]
config = {"bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest"}
if protocol == "consumer": config["group.protocol"] = "consumer"
c = Consumer(config)
c.subscribe([topic])
while True:
    c.poll(0.2)
    if c.assignment(): print("assigned", flush=True)
`;

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

describe.skipIf(needs.python())("a group that another program holds", () => {
  it.each([
    ["classic", /1 of another program \(client "rdkafka"/],
    ["consumer", /KIP-848/],
  ])("is refused at once, with what holds it and the way out (protocol %s)", async (protocol, holder) => {
    const topic = `held-${protocol}`;
    await createTopic(topic, { bootstrap, partitions: 2 });
    runPython(
      `import sys, base64
from confluent_kafka import Producer
p = Producer({"bootstrap.servers": sys.argv[1]})
p.produce(sys.argv[2], base64.b64decode(sys.argv[3]))
p.flush(20)`,
      [bootstrap, topic, makeAlert(1).bytes.toString("base64")],
    );
    child = spawn(python, ["-c", member, bootstrap, protocol, `${topic}-group`, topic], {
      stdio: ["ignore", "pipe", 2],
    });
    await new Promise((resolve) => child!.stdout!.once("data", resolve));
    const said: string[] = [];
    const filters = [{ name: "any", accepts: () => true }];
    const onWarning = (line: string) => void said.push(line);
    const job = runFilters(topic, { bootstrap, progress: false, group: `${topic}-group`, filters, onWarning });
    await expect(job).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(holder),
      remedy: expect.stringContaining("--group NAME"),
    });
    expect(said).toEqual([]); // nothing was waited for
  });
});
