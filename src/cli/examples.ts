import type { Command } from "commander";

/** Two examples for each command whose help has no text of its own; a test sees that they name what there is. */
const examples: Readonly<Record<string, readonly [string, string]>> = {
  up: ["alerts up", "alerts up --brokers 3 --port 0"],
  down: ["alerts down", "alerts down --reset"],
  status: ["alerts status", "alerts status --json | jq .bootstrap"],
  doctor: ["alerts doctor", "alerts doctor --broker --topic ztf-stream --profile practice"],
  setup: ["alerts setup", "alerts setup --no-kafka"],
  "stream start": ["alerts stream start --every 2", "alerts stream start --survey lsst --visits 2 --keep"],
  "stream stop": ["alerts stream stop", "alerts stream status"],
  "stream status": ["alerts stream status", "alerts stream status --json"],
  "lab start": ["alerts lab start", "alerts lab start --port 8899 --no-browser"],
  "lab stop": ["alerts lab stop", "alerts lab status"],
  "lab status": ["alerts lab status", "alerts lab status --json"],
  "kernel install": ["alerts kernel install", "alerts kernel install --remove"],
  "topics list": ["alerts topics list", "alerts topics list --json | jq 'select(.messages > 0)'"],
  "topics describe": ["alerts topics describe ztf-stream", "alerts topics describe ztf-stream --json"],
  "topics create": ["alerts topics create mine", "alerts topics create mine --partitions 8 --retention-hours -1"],
  "topics delete": ["alerts topics delete mine", "alerts topics delete mine other"],
  "groups list": ["alerts groups list", "alerts groups list --json | jq 'select(.lag > 0)'"],
  "groups describe": ["alerts groups describe mine", "alerts groups describe mine --json"],
  "groups reset": [
    "alerts groups reset mine ztf-stream --to earliest",
    "alerts groups reset mine ztf-stream --to 2026-11-21T03:00",
  ],
  "groups delete": ["alerts groups delete mine", "alerts groups delete mine other"],
  "dead list": ["alerts dead list ztf-stream", "alerts dead list ztf-stream --code AVRO_TRUNCATED --json"],
  "dead show": ["alerts dead show 'ztf-stream[0]@1234'", "alerts dead show 'ztf-stream[0]@1234' --json"],
  "dead replay": ["alerts dead replay ztf-stream", "alerts dead replay ztf-stream --to mended --undecodable"],
  send: [
    "alerts send data/20181129 --every 2",
    "alerts send --simulate lsst --alerts 400 --form confluent --topic mine",
  ],
  print: ["alerts print ztf-stream --limit 5", "alerts print ztf-stream --nth 100 --json --follow"],
  filter: ["alerts filter ztf-stream --filter ztf-purity", "alerts filter ztf-stream --filter mine.ts --dry-run"],
  monitor: ["alerts monitor", "alerts monitor ztf-stream --once --json"],
  load: ["alerts load data/20181129", "alerts load night.tar.gz --topic my-reservoir --force"],
  play: ["alerts play reservoir ztf-stream --speed 10", "alerts play reservoir ztf-stream --every 2 --append"],
  progress: ["alerts progress", "alerts progress --json"],
};

/** Adds the examples to the help of the commands they are of. */
export function addExamples(program: Command, path = ""): void {
  for (const command of program.commands) {
    const name = `${path}${command.name()}`;
    addExamples(command, `${name} `);
    const lines = examples[name];
    if (lines) command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
}
