import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { BootcampError, messageOf } from "../errors";
import { optionalPackage } from "../optional-package";

/** Where Chromium and its relatives lie; on other systems playwright knows the places of Chrome and Edge. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];

/** An installed Chromium, Chrome or Edge, without a window and without a network; null where there is none. */
export async function startBrowser(): Promise<Browser | null> {
  // loaded when a picture is saved
  const { chromium } = optionalPackage<typeof import("playwright-core")>("playwright-core", "a figure as png or pdf");
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named))
    throw new BootcampError("MISSING_PROGRAM", `Expected a browser at CHROMIUM_PATH, got ${named}, which is not there`);
  const found = named ?? places.find((path) => existsSync(path));
  // a container's root may not use Chromium's sandbox, and what is loaded here is this library's own page
  const options = { args: process.getuid?.() === 0 ? [...args, "--no-sandbox"] : args };
  const ways = found === undefined ? [{ channel: "chrome" }, { channel: "msedge" }] : [{ executablePath: found }];
  for (const way of ways) {
    try {
      return await chromium.launch({ ...options, ...way });
    } catch (error) {
      if (found === undefined) continue;
      throw new BootcampError("MISSING_PROGRAM", `Expected ${found} to start: ${messageOf(error).split("\n")[0]}`, {
        cause: error,
      });
    }
  }
  return null;
}
