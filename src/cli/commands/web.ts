import { isBootcampError } from "../../errors";
import * as kafka from "../../kafka";
import { subscribe } from "../../kafka/read/subscribe";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { port, text, type Values } from "../option";
import { interruptSignal } from "../run";
import { broker, schemas } from "../shared-options";
import { serveLivePage } from "../web-server";
import { WebState } from "../web-state";

const options = {
  topic: text("-t, --topic <name>", "topic to watch", "ztf-stream"),
  from: text("--from <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00", "earliest"),
  port: port("--port <port>", "port on 127.0.0.1; 0 for any free one", 0),
  ...schemas,
  ...broker,
};
type Given = Values<typeof options>;

export default command("web", {
  summary: "show a topic on a live page, for the browser on this machine",
  section: "Alerts in Kafka",
  options,
  notes: `The page shows how many alerts there are and how fast they come, the latest of them, and a light curve. It is served on
127.0.0.1 alone, under an address with a random token, and asks the network for nothing. Ctrl-C ends it.`,
  examples: ["alerts web", "alerts web --topic ztf-stream --from latest --port 8900"],
  run: web,
});

async function web(options: Given): Promise<number> {
  const { topic, from, schema, registry } = options;
  const signal = interruptSignal();
  await kafka.describeTopic(topic); // that it is not there is said before a page is opened on it
  const alerts = await subscribe(topic, { from, until: "forever", schema, registry, signal, progress: false });
  const state = new WebState(() => alerts.ledger.failed);
  const live = await serveLivePage(topic, state, options.port);
  printText(live.url);
  say("open this address; Ctrl-C ends it");
  let reason = "Ended by Ctrl-C.";
  try {
    for await (const alert of alerts) state.add(alert);
  } catch (error) {
    reason = isBootcampError(error) ? error.message : String(error);
    throw error;
  } finally {
    await live.close(reason);
  }
  const { failed } = alerts.ledger;
  say(`read ${state.read}, failed ${failed}`);
  return failed > 0 ? 1 : 0;
}
