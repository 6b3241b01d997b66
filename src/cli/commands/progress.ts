import { usageError } from "../../errors";
import * as lesson from "../../lesson";
import { progress } from "../../lesson/progress";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { json } from "../json";
import { flag, type Values } from "../option";

const options = {
  json: flag("--json", "print JSON: one object per part"),
  reset: flag("--reset", "forget it all and start again"),
};
type Given = Values<typeof options>;

export default command("progress", {
  summary: "show which exercises of each part are done",
  section: "Notebooks and your own work",
  options,
  examples: ["alerts progress", "alerts progress --json"],
  run: show,
});

async function show(options: Given): Promise<void> {
  if (options.reset && options.json) throw usageError("one of --json and --reset", "both");
  if (options.reset) {
    const count = lesson.resetProgress();
    say(count === 0 ? "nothing was done yet" : `forgot ${count} exercises`);
  } else if (options.json) for (const row of lesson.progressRows()) printText(json(row));
  else progress();
}
