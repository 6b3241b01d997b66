import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../..");

/** Python of the project's own environment. */
export const python = join(root, ".bootcamp/venv/bin/python");

const firstOf = (...paths: string[]) => paths.find((path) => existsSync(path));
export const chromium = firstOf("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
export const git = firstOf("/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git");
export const shellcheck = firstOf("/usr/bin/shellcheck", "/usr/local/bin/shellcheck", "/opt/homebrew/bin/shellcheck");

/** Folder with real alerts and catalogues; see BOOTCAMP_TEST_DATA in CONTRIBUTING.md. */
export function dataFolder(...parts: string[]): string {
  return resolve(process.env["BOOTCAMP_TEST_DATA"] ?? "", ...parts); // commands run elsewhere
}

/** A small input after a public report, in the folder `reports` beside the real alerts. */
export function reportFile(...parts: string[]): string {
  return dataFolder("..", "reports", "inputs", ...parts);
}

/**
 * True when a test has to be skipped because something is not there, saying what. In CI nothing is skipped: the test
 * then runs, and fails on the missing thing.
 */
function missing(present: boolean, what: string): boolean {
  if (present || process.env["CI"]) return false;
  console.warn(`skipped: ${what}`);
  return true;
}

/** For `describe.skipIf(needs.data())` and the like. */
export const needs = {
  data: () =>
    missing(
      Boolean(process.env["BOOTCAMP_TEST_DATA"]) && existsSync(dataFolder("ztf")),
      "set BOOTCAMP_TEST_DATA to a folder with real alerts",
    ),
  reports: () =>
    missing(
      Boolean(process.env["BOOTCAMP_TEST_DATA"]) && existsSync(reportFile()),
      "set BOOTCAMP_TEST_DATA to a folder with real alerts that has a folder reports beside it",
    ),
  python: () => missing(existsSync(python), "no Python environment; run: npm run setup"),
  chromium: () => missing(chromium !== undefined, "no Chromium found"),
  git: () => missing(git !== undefined, "no git found"),
  shellcheck: () => missing(shellcheck !== undefined, "no shellcheck found"),
};
