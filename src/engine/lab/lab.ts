import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { BootcampError, usageError } from "../../errors";
import { isInstalled } from "../../version";
import { checkoutFile, engineHome, venvFolder } from "../paths";
import {
  type Background,
  isRunning,
  readBackground,
  readLog,
  startBackground,
  stopBackground,
} from "../process/background";
import { processesNaming } from "../process/find-processes";
import { withLock } from "../process/lock";
import { freePort, LOOPBACK, portIsFree, portTaken } from "../process/ports";
import { endProcess } from "../process/processes";
import { lastLines } from "../process/programs";
import { untilReady } from "../process/until-ready";
import { installKernel } from "./kernelspec";
import { prepareLab, runtimeFolder } from "./lab-config";

/** Options of {@link startLab}. */
export interface StartLabOptions {
  /** Port on 127.0.0.1. Default: 8888, or any free one when that is taken. */
  port?: number | undefined;
  /** Folder of notebooks. Default: `notebooks` of the checkout. */
  notebooks?: string | undefined;
  /** Further environment of the kernels. */
  env?: NodeJS.ProcessEnv | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

/** A JupyterLab that runs. */
export interface Lab {
  /** The address to open, with its token. */
  url: string;
  port: number;
  pid: number;
  log: string;
  /** True when it ran already. */
  alreadyRunning: boolean;
  /** A local page that leads to the address, for a browser that is started with a command line all can see. */
  openFile: string;
}

interface LabSettings {
  port: number;
  token: string;
  notebooks: string;
}

const NAME = "lab";
const DEFAULT_LAB_PORT = 8888;
/** A cold start of JupyterLab on a slow disk takes half a minute. */
const READY_SECONDS = 90;
/** It ends its kernels first. */
const STOP_SECONDS = 15;

/**
 * Starts JupyterLab on 127.0.0.1 with a random token and the TypeScript kernel, and resolves when it answers. Does
 * nothing when it runs.
 *
 * @throws USAGE for a port that cannot be, or notebooks that are no folder
 * @throws MISSING_PROGRAM when the Python environment is not there
 * @throws PORT_TAKEN when the port asked for is in use
 * @throws ENGINE_FAILED when it ends while it starts, with what it said
 * @example
 * const { url } = await engine.startLab({ port: 8890 });
 */
export async function startLab(options: StartLabOptions = {}): Promise<Lab> {
  checkOptions(options);
  const file = join(engineHome(), "lab.lock");
  const onWait = (pid: number) =>
    options.onProgress?.(`Waiting for another start of JupyterLab (process ${pid}, lock ${file})`);
  return withLock(file, () => start(options), { signal: options.signal, onWait });
}

function checkOptions({ port, notebooks }: StartLabOptions): void {
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw usageError("a port between 0 and 65535", port);
  }
  if (notebooks !== undefined && !statSync(notebooks, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError("a folder of notebooks", notebooks, "leave it out for the notebooks of this project");
  }
}

async function start(options: StartLabOptions): Promise<Lab> {
  const python = join(venvFolder(), "bin", "python");
  if (!existsSync(python)) {
    throw new BootcampError("MISSING_PROGRAM", "The Python environment with JupyterLab is not there", {
      where: python,
      remedy: "npx alerts setup",
    });
  }
  installKernel();
  const before = readBackground<LabSettings>(NAME);
  if (before && (await isRunning(before))) {
    await untilLabReady(before, options.signal);
    return describe(before, true);
  }
  await endKernels(); // of a JupyterLab that was killed
  const port = await choosePort(options);
  const token = randomBytes(24).toString("hex");
  const notebooks = resolve(options.notebooks ?? (isInstalled ? process.cwd() : checkoutFile("notebooks")));
  const state = startBackground<LabSettings>(NAME, {
    program: python,
    args: ["-m", "jupyterlab", ...labArguments(port, notebooks)],
    env: { ...process.env, ...options.env, ...prepareLab(token) },
    cwd: notebooks,
    settings: { port, token, notebooks },
  });
  try {
    await untilLabReady(state, options.signal);
  } catch (error) {
    await stopLab();
    throw error;
  }
  return describe(state, false);
}

/**
 * Ends JupyterLab and its kernels and waits until they are gone; resolves true when it ran.
 * @example
 * await engine.stopLab();
 */
export async function stopLab(): Promise<boolean> {
  const ran = await stopBackground(NAME, STOP_SECONDS);
  await endKernels();
  return ran;
}

/**
 * The JupyterLab that runs here, or undefined.
 * @example
 * const url = (await engine.labStatus())?.url;
 */
export async function labStatus(): Promise<Lab | undefined> {
  const state = readBackground<LabSettings>(NAME);
  return state && (await isRunning(state)) ? describe(state, true) : undefined;
}

/** Kernels and their processes are given a connection file in a folder that is only ours, whoever is their parent by now. */
async function endKernels(): Promise<void> {
  const kernels = await processesNaming(join(runtimeFolder(), "kernel-"));
  await Promise.all(kernels.map(({ pid }) => endProcess(pid, 3)));
}

async function choosePort({ port, onProgress }: StartLabOptions): Promise<number> {
  const wanted = port ?? DEFAULT_LAB_PORT;
  if (wanted === 0) return freePort();
  if (await portIsFree(wanted)) return wanted;
  if (port !== undefined) {
    const { message } = await portTaken(wanted);
    throw new BootcampError("PORT_TAKEN", message, { remedy: "leave --port out, and a free one is found" });
  }
  const free = await freePort();
  onProgress?.(`Port ${wanted} is taken; using ${free}`);
  return free;
}

function labArguments(port: number, notebooks: string): string[] {
  const settings = { ip: LOOPBACK, port, port_retries: 0, open_browser: "False", root_dir: notebooks };
  const args = Object.entries(settings).map(([name, value]) => `--ServerApp.${name}=${value}`);
  // in a container one is root; Jupyter asks to be told that this is meant
  return process.getuid?.() === 0 ? [...args, "--allow-root"] : args;
}

async function untilLabReady(state: Background<LabSettings>, signal?: AbortSignal): Promise<void> {
  const { port, token } = state.settings;
  const failure = await untilReady({
    what: "Starting JupyterLab",
    seconds: READY_SECONDS,
    everyMs: 100,
    signal,
    lives: () => isRunning(state),
    isReady: async () => {
      const answer = await fetch(`http://${LOOPBACK}:${port}/api/status`, {
        headers: { authorization: `token ${token}` },
        signal: AbortSignal.timeout(5000),
      });
      await answer.arrayBuffer();
      return answer.ok;
    },
  });
  if (!failure) return;
  throw new BootcampError(
    "ENGINE_FAILED",
    `JupyterLab did not start:\n${lastLines(readLog(NAME)) || "it said nothing"}`,
    {
      where: state.log,
      remedy: "read that log; npx alerts setup mends the Python environment",
    },
  );
}

function describe({ pid, log, settings }: Background<LabSettings>, alreadyRunning: boolean): Lab {
  const { port, token } = settings;
  const openFile = join(runtimeFolder(), `jpserver-${pid}-open.html`);
  return { url: `http://${LOOPBACK}:${port}/lab?token=${token}`, port, pid, log, alreadyRunning, openFile };
}
