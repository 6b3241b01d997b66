import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { inspect } from "node:util";
import { BootcampError, messageOf } from "../../errors";
import * as library from "../../index";
import { stateFolder } from "../../private-files";
import { flushed, printText } from "../../terminal";
import { bootcampHome, version } from "../../version";
import { command } from "../command";
import { heardWhileBusy } from "../hear-interrupt";
import { text, type Values } from "../option";
import { broker } from "../shared-options";

const options = {
  eval: text("-e, --eval <code>", "run this and print its value, instead of showing a prompt"),
  ...broker,
};
type Given = Values<typeof options>;

export default command("shell", {
  summary: "open a JavaScript prompt with the library loaded",
  section: "Notebooks and your own work",
  options,
  notes: `JavaScript with every name of the library at hand, and await anywhere. Ctrl-C ends what is running, and closes the streams
opened before: subscribe, publish, readAlerts and kafka.poll are told by themselves; for others pass { signal }. History is
kept in .bootcamp, or in BOOTCAMP_HOME.

With -e, or from a file or pipe, the value of an expression is printed; statements print with console.log. Exit code 1 when
the code throws, 2 when it is not JavaScript.`,
  examples: [
    "alerts shell",
    "alerts shell -e 'await subscribe(\"ztf-stream\").filter((a) => a.mag < 16).count()'",
    "alerts shell < questions.js",
  ],
  run: shell,
});

async function shell(options: Given): Promise<void> {
  if (options.eval === undefined && process.stdin.isTTY) return prompt();
  // made when the code first asks for it: until then Ctrl-C ends the process at once, as nothing is open
  let made: AbortSignal | undefined;
  bring(() => (made ??= heardWhileBusy()));
  const value = await evaluate(options.eval ?? (await readAll(process.stdin)));
  if (value !== undefined) printText(typeof value === "string" ? value : inspect(value));
  if (made?.aborted) process.exitCode = 1;
  // what the code left open (a consumer, a database) must not keep the command from ending
  await flushed();
  process.exit();
}

async function prompt(): Promise<void> {
  let stop = new AbortController();
  bring(() => stop.signal);
  printText(
    `alert-bootcamp ${version}, Kafka at ${library.kafka.bootstrapServers()}. Every name of the library is here; .exit ends.`,
  );
  // loaded here: the other commands have no use for it
  const repl = require("node:repl") as typeof import("node:repl");
  const server = repl.start({ prompt: "alerts> ", useGlobal: true, breakEvalOnSigint: true });
  // first in line: the prompt's own answer to Ctrl-C only stops waiting
  server.prependListener("SIGINT", () => {
    stop.abort();
    stop = new AbortController(); // for what is opened from now on
  });
  const home = bootcampHome();
  try {
    stateFolder(home);
    server.setupHistory(join(home, "shell-history"), () => {});
  } catch {
    // a prompt without history is still a prompt
  }
  await new Promise<void>((ended) => server.once("exit", ended));
  process.exit();
}

/** The value of an expression; of statements what they return. Both may await. */
async function evaluate(code: string): Promise<unknown> {
  const AsyncFunction = (async () => {}).constructor as new (body: string) => () => Promise<unknown>;
  let run: () => Promise<unknown>;
  try {
    run = new AsyncFunction(`return (${code}\n)`);
  } catch {
    try {
      run = new AsyncFunction(code);
    } catch (error) {
      throw new BootcampError("USAGE", `Expected JavaScript, got: ${messageOf(error)}`);
    }
  }
  return run();
}

/** Makes the library's names global, with a signal that Ctrl-C gives. */
function bring(signal: () => AbortSignal): void {
  Object.assign(globalThis, library);
  Object.defineProperty(globalThis, "signal", { get: signal, configurable: true });
  const heard = <R>(slow: (first: any, options?: any) => R) =>
    Object.defineProperty((first: unknown, options?: object) => slow(first, { signal: signal(), ...options }), "name", {
      value: slow.name,
    });
  const { subscribe, publish, readAlerts, kafka } = library;
  for (const slow of [subscribe, publish, readAlerts]) Object.assign(globalThis, { [slow.name]: heard<unknown>(slow) });
  Object.assign(globalThis, { kafka: { ...kafka, poll: heard(kafka.poll) } });
}
