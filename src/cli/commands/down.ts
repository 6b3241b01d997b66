import * as engine from "../../engine";
import { say } from "../../terminal";
import { command } from "../command";
import { flag, type Values } from "../option";
import { interruptSignal } from "../run";

const options = { reset: flag("--reset", "also delete its topics, groups and offsets") };
type Given = Values<typeof options>;

export default command("down", {
  summary: "stop the Kafka that was started here, and wait until it is gone",
  section: "On this machine",
  options,
  examples: ["alerts down", "alerts down --reset"],
  run: down,
});

async function down(options: Given): Promise<void> {
  const stopped = await engine.stop({
    reset: options.reset === true,
    signal: interruptSignal(),
    onProgress: (line) => say(line),
  });
  const what = stopped ? `Kafka (${stopped.engine}) stopped` : "no Kafka was running here";
  say(`${what}${options.reset ? "; its data are removed" : ""}`);
  if (process.env.KAFKA_BOOTSTRAP) say("the one named by KAFKA_BOOTSTRAP is left as it is");
}
