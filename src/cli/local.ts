import { existsSync } from "node:fs";
import type { Command } from "commander";
import * as files from "../files";
import { formatBytes } from "../files/limits";
import { printText, say } from "../terminal";
import { FailureLines } from "./failures";
import { json } from "./json";
import { action, interruptSignal, table } from "./run";

const help = `
A night of the archive is a folder named YYYYMMDD with one alert in each file. Exit code 1 when --read finds files that
cannot be read (the first twenty are named on stderr, the rest is counted).

Examples:
  alerts local
  alerts local --read --json`;

/** `alerts local` */
export function register(program: Command): void {
  program
    .command("local [folder]")
    .description("the nights and alerts that are on this machine")
    .option("--read", "also read every file, and count the alerts really in them")
    .option("--json", "one JSON object per folder")
    .addHelpText("after", help)
    .action(action(local));
}

async function local(named: string | undefined, options: { read?: boolean; json?: boolean }): Promise<number> {
  const folder = named ?? files.dataRoot();
  const failures = new FailureLines();
  const fetchSome = "no alerts are here yet\n  → fetch a night: npx alerts download 20181129";
  // nothing downloaded is an answer; a folder that was named and is not there is a mistake
  const rows =
    named === undefined && !existsSync(folder)
      ? []
      : await files.localNights(folder, {
          read: options.read,
          signal: interruptSignal(),
          onFailure: (error) => failures.add(error),
        });
  failures.end();
  for (const row of options.json ? rows : []) printText(json(row));
  if (!options.json && rows.length > 0) printText(table(rows.map((row) => shown(row, options.read === true))));
  const nights = rows.filter((row) => row.isNight).length;
  const total = (key: "files" | "alerts") => rows.reduce((sum, row) => sum + (row[key] ?? 0), 0);
  const alerts = options.read ? `${total("alerts")} alerts in ` : "";
  say(rows.length === 0 ? fetchSome : `${nights} nights, ${alerts}${total("files")} alert files in ${folder}`);
  return rows.some((row) => row.unreadable) ? 1 : 0;
}

const shown = ({ name, isNight, files, bytes, alerts, unreadable }: files.LocalNight, isRead: boolean) => ({
  folder: name,
  night: isNight ? name.replace(/^(....)(..)(..)$/, "$1-$2-$3") : "",
  files,
  ...(isRead && { alerts, unreadable }),
  size: formatBytes(bytes),
});
