import type { Command } from "commander";
import { isBootcampError, usageError } from "../errors";
import * as kafka from "../kafka";
import { subscribe } from "../kafka/read/subscribe";
import { printText, say } from "../terminal";
import { action, interruptSignal, number } from "./run";
import { readSchemaFile, registryHelp, schemaHelp } from "./schema-file";
import { serveLivePage } from "./web-server";
import { WebState } from "./web-state";

interface Options {
  topic: string;
  port: string;
  from: string;
  schema?: string;
  registry?: string;
}

const help = `
The page shows how many alerts there are and how fast they come, the latest of them, and a light curve. It is served on
127.0.0.1 alone, under an address with a random token, and asks the network for nothing. Ctrl-C ends it.

Examples:
  alerts web
  alerts web --topic ztf-stream --from latest --port 8900`;

/** `alerts web` */
export function register(program: Command): void {
  program
    .command("web")
    .description("a live page of a topic, for the browser of this machine")
    .option("-t, --topic <name>", "topic to watch", "ztf-stream")
    .option("--from <where>", "earliest, latest, or a time (UTC) such as 2026-11-21T03:00", "earliest")
    .option("--port <port>", "port on 127.0.0.1; 0 for any free one", "0")
    .option("--schema <file>", schemaHelp)
    .option("--registry <url>", registryHelp)
    .addHelpText("after", help)
    .action(action(web));
}

async function web(options: Options): Promise<number> {
  const { topic, from, registry } = options;
  const port = number("--port", options.port)!;
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw usageError("--port from 0 to 65535", options.port);
  const schema = readSchemaFile(options.schema);
  const signal = interruptSignal();
  await kafka.describeTopic(topic); // that it is not there is said before a page is opened on it
  const alerts = await subscribe(topic, { from, until: "forever", schema, registry, signal, progress: false });
  const state = new WebState(() => alerts.ledger.failed);
  const live = await serveLivePage(topic, state, port);
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
