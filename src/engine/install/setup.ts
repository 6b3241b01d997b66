import { join } from "node:path";
import { sharedFolder } from "../paths";
import { withLock } from "../process/lock";
import { installKafka } from "./install-kafka";
import { installPython, prepareKernel } from "./install-python";

/** Options of {@link setup}. */
export interface SetupOptions {
  /** Python environment with JupyterLab. Default true. */
  python?: boolean;
  /** Kafka jars. Default true. */
  kafka?: boolean;
  /** Also the Python packages of the tests (`test/requirements.txt`). Default false. */
  test?: boolean;
  signal?: AbortSignal | undefined;
  /** Called with one line whenever something takes a while. */
  onProgress?: ((line: string) => void) | undefined;
}

/** What {@link setup} did. */
export interface SetupReport {
  /** What was installed now; empty when everything was there. */
  installed: string[];
  /** Where the programs are. */
  folder: string;
}

/**
 * Installs what the bootcamp needs beyond npm packages, under `.bootcamp` of the checkout: a Python environment with
 * JupyterLab, and the jars of the pinned Kafka release. Does nothing, quickly, when they are there and up to date.
 * Each part appears whole or not at all, and two runs at once do not disturb each other.
 *
 * @throws MISSING_PROGRAM without Python (for `python`), Java or Maven (for `kafka`)
 * @throws DOWNLOAD when pip or Maven cannot fetch something
 * @throws ABORTED when `signal` fires; nothing half-installed is left in place
 * @example
 * await engine.setup({ onProgress: console.error });
 */
export async function setup(options: SetupOptions = {}): Promise<SetupReport> {
  const folder = sharedFolder();
  const say = options.onProgress ?? (() => {});
  const file = join(folder, "setup.lock");
  return withLock(
    file,
    async () => {
      const installed = await together(
        [
          async (signal) => (options.kafka !== false && (await installKafka(say, signal)) ? ["kafka"] : []),
          async (signal) => (options.python === false ? [] : installPython(options.test ?? false, say, signal)),
          async (signal) => {
            if (options.python !== false) await prepareKernel(signal);
            return [];
          },
        ],
        options.signal,
      );
      return { installed, folder };
    },
    {
      signal: options.signal,
      onWait: (pid) => say(`Waiting for another installation (process ${pid}, lock ${file})`),
    },
  );
}

/** Does all at once: one waits for the network while another works. The first that fails ends the others, and is what is thrown. */
async function together(
  tasks: readonly ((signal: AbortSignal) => Promise<string[]>)[],
  stop?: AbortSignal,
): Promise<string[]> {
  const failed = new AbortController();
  const signal = stop ? AbortSignal.any([stop, failed.signal]) : failed.signal;
  const running = tasks.map((task) => task(signal));
  const first = Promise.all(running);
  first.catch(() => failed.abort());
  await Promise.allSettled(running);
  return (await first).flat();
}
