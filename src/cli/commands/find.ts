import type { Alert } from "../../alert/alert";
import { BootcampError } from "../../errors";
import * as files from "../../files";
import { describeItem } from "../../stream/alert-stream";
import { erase, say } from "../../terminal";
import { packetJson, saveFiles, savePlot } from "../alert-outputs";
import { command } from "../command";
import { FailureLines } from "../failures";
import { flag, type Values } from "../option";
import { Output } from "../output";
import { ProgressLine } from "../progress-line";
import { interruptSignal } from "../run";
import { outputs, schemas } from "../shared-options";

const options = {
  first: flag("--first", "stop at the first; files with the id in their name are read first"),
  ...outputs,
  json: flag("--json", "print their packets, one line of JSON each, instead of one line of text"),
  schema: schemas.schema,
};
type Given = Values<typeof options>;

export default command("find <id> [paths...]", {
  summary: "find alerts in local files by their id",
  section: "Alerts in files",
  arguments: {
    id: "of an alert (candid), a source (diaSourceId) or an object (objectId, diaObjectId)",
    paths: "files, folders or archives (default: the data folder)",
  },
  options,
  notes: `Every alert with this id is printed with its file; --plot draws the light curve they make together.

Exit code 0 when at least one was found and everything could be read; 1 otherwise; 2 for wrong usage.`,
  examples: [
    "alerts find 1154308030015010004 --first --stamps stamps",
    "alerts find ZTF18acsbten data/20181129 --plot curve.html",
    "alerts find 7912941781254298 rubin/ --json | jq .diaSource.psfFlux",
  ],
  run: find,
});

async function find(id: string, paths: string[], options: Given): Promise<number> {
  const places = paths.length > 0 ? paths : [files.dataRoot()];
  const output = new Output();
  const found: Alert[] = [];
  const failures = new FailureLines();
  const progress = new ProgressLine();
  const alerts = await files.findAlerts(id, places, {
    ...(options.first && { limit: 1 }),
    schema: options.schema,
    signal: interruptSignal(),
    onProgress: (read, files) => progress.update(() => `looked at ${read} alerts; ${files} files`),
    onFailure: ({ error }) => failures.add(error),
  });
  for await (const alert of alerts) {
    erase();
    await output.line(options.json ? packetJson(alert, 0) : `${describeItem(alert)}  ${alert}`);
    await saveFiles(alert, options);
    if (options.plot !== undefined) found.push(alert);
  }
  failures.end();
  const failed = failures.count;
  const { read, selected } = alerts.ledger;
  say(`found ${selected}, looked at ${read - failed}, failed ${failed}`);
  if (selected === 0) {
    throw new BootcampError("NO_ALERTS", `Expected an alert of id ${id} in ${places.join(", ")}, none there has it`, {
      remedy: "check the digits; alerts local shows what is here",
    });
  }
  if (options.plot !== undefined) savePlot(found, options.plot);
  return failed > 0 ? 1 : 0;
}
