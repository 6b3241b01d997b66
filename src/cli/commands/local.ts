import { existsSync } from "node:fs";
import * as files from "../../files";
import { formatBytes } from "../../files/limits";
import { printText, say } from "../../terminal";
import { command } from "../command";
import { FailureLines } from "../failures";
import { json } from "../json";
import { flag, type Values } from "../option";
import { interruptSignal, table } from "../run";

const options = {
  read: flag("--read", "also read every file, and count the alerts that are really in it"),
  json: flag("--json", "print JSON: one object per folder"),
};
type Given = Values<typeof options>;

export default command("local [folder]", {
  summary: "list the nights and alerts on this machine",
  section: "Alerts in files",
  arguments: { folder: "default: data, or BOOTCAMP_DATA" },
  options,
  notes: `A night of the archive is a folder named YYYYMMDD with one alert in each file. Exit code 1 when --read finds files that
cannot be read (the first twenty are named on stderr, the rest are counted).`,
  examples: ["alerts local", "alerts local --read --json"],
  run: local,
});

async function local(named: string | undefined, options: Given): Promise<number> {
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
