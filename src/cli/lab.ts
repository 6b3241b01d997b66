import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { labCommand } from "../advice";
import * as engine from "../engine";
import { printText, say } from "../terminal";
import { json } from "./json";
import { action, interruptSignal, number } from "./run";

interface StartFlags {
  port?: string;
  notebooks?: string;
  data?: string;
  browser: boolean;
}

/** `alerts lab start | stop | status`: JupyterLab as ./launch_bootcamp.sh starts it. */
export function register(program: Command): void {
  const lab = program.command("lab").description("JupyterLab on 127.0.0.1, with the TypeScript kernel");
  lab
    .command("start")
    .description("start it and print its address; does nothing but print it when it runs")
    .option("--port <port>", "port on 127.0.0.1 (default: 8888, or a free one)")
    .option("--notebooks <folder>", "folder of notebooks (default: notebooks of this project)")
    .option("--data <path>", "what is streamed; catalogues are looked for beside it")
    .option("--no-browser", "open no browser")
    .action(action(start));
  lab
    .command("stop")
    .description("stop it and its kernels")
    .action(
      action(async () => {
        say((await engine.stopLab()) ? "JupyterLab is stopped" : "no JupyterLab was running here");
      }),
    );
  lab.command("status").description("its address, when it runs").option("--json").action(action(status));
}

async function start(flags: StartFlags): Promise<void> {
  const port = number("--port", flags.port);
  const lab = await engine.startLab({
    port,
    notebooks: flags.notebooks,
    env: dataFolderOf(flags.data),
    signal: interruptSignal(),
    onProgress: (line) => say(line),
  });
  say(`JupyterLab ${lab.alreadyRunning ? "runs" : "is ready"}:`);
  printText(lab.url);
  if (flags.browser && !lab.alreadyRunning) openBrowser(lab.openFile);
}

/** Part 4 matches real alerts with a catalogue that lies beside the nights. */
function dataFolderOf(data: string | undefined): NodeJS.ProcessEnv {
  if (data === undefined || data === "simulated" || process.env["BOOTCAMP_DATA"]) return {};
  const folder = dirname(resolve(data));
  return existsSync(join(folder, "catalogs")) ? { BOOTCAMP_DATA: folder } : {};
}

async function status(options: { json?: boolean }): Promise<number> {
  const lab = await engine.labStatus();
  if (options.json) printText(json(lab ?? null));
  else if (lab) printText(lab.url);
  else printText(`no JupyterLab runs here\n  → start it: ${labCommand()}`);
  return lab ? 0 : 1;
}

/** Only where there is a display; a browser that cannot be started is no reason to fail: the address is printed. */
function openBrowser(page: string): void {
  const isMac = process.platform === "darwin";
  if (!isMac && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  spawn(isMac ? "open" : "xdg-open", [page], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}
