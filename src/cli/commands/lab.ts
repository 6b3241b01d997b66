import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { labCommand } from "../../advice";
import * as engine from "../../engine";
import { printText, say } from "../../terminal";
import { command, commands } from "../command";
import { json } from "../json";
import { flag, number, text, type Values } from "../option";
import { interruptSignal } from "../run";

const startOptions = {
  port: number("--port <port>", "port on 127.0.0.1 (default: 8888, or a free one)"),
  notebooks: text("--notebooks <folder>", "folder of notebooks (default: notebooks of this project)"),
  data: text("--data <path>", "the alerts that are streamed; catalogues are looked for beside them"),
  browser: flag("--no-browser", "open no browser"),
};
const statusOptions = { json: flag("--json", "print JSON") };

export default commands(
  "lab",
  {
    summary: "start and stop JupyterLab on 127.0.0.1, with the TypeScript kernel",
    section: "Notebooks and your own work",
  },
  [
    command("start", {
      summary: "start it and print its address; only print that if it runs already",
      options: startOptions,
      examples: ["alerts lab start", "alerts lab start --port 8899 --no-browser"],
      run: start,
    }),
    command("stop", {
      summary: "stop it and its kernels",
      examples: ["alerts lab stop", "alerts lab status"],
      async run() {
        say((await engine.stopLab()) ? "JupyterLab is stopped" : "no JupyterLab was running here");
      },
    }),
    command("status", {
      summary: "show its address, if it is running",
      options: statusOptions,
      notes: "Exit code 1 when it is not.",
      examples: ["alerts lab status", "alerts lab status --json"],
      run: status,
    }),
  ],
);

async function start(flags: Values<typeof startOptions>): Promise<void> {
  const { port } = flags;
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

async function status(options: Values<typeof statusOptions>): Promise<number> {
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
