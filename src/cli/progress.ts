import type { Command } from "commander";
import { usageError } from "../errors";
import * as lesson from "../lesson";
import { progress } from "../lesson/progress";
import { printText, say } from "../terminal";
import { json } from "./json";
import { action } from "./run";

/** `alerts progress` */
export function register(program: Command): void {
  program
    .command("progress")
    .description("what a learner has done of every part; kept in .bootcamp, or in BOOTCAMP_HOME")
    .option("--json", "one JSON object per part")
    .option("--reset", "forget it all and begin anew")
    .action(action(show));
}

async function show(options: { json?: boolean; reset?: boolean }): Promise<void> {
  if (options.reset && options.json) throw usageError("one of --json and --reset", "both");
  if (options.reset) {
    const count = lesson.resetProgress();
    say(count === 0 ? "nothing was done yet" : `forgot ${count} exercises`);
  } else if (options.json) for (const row of lesson.progressRows()) printText(json(row));
  else progress();
}
