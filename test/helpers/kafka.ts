import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngine, stopEngine } from "../../src/engine/engine";
import type { StartEngineOptions } from "../../src/engine/engine-options";

export interface TestKafka {
  /** `127.0.0.1:port`, several with commas. */
  bootstrap: string;
  /** Folder of its state, as BOOTCAMP_HOME for a command that should find it. */
  home: string;
  stop(): Promise<void>;
}

/**
 * A Kafka of its own: real, on a free port, with its state in a temporary folder, so that neither a Kafka of the person
 * at this machine nor another run of the tests is touched.
 */
export async function startTestKafka(options: StartEngineOptions = {}): Promise<TestKafka> {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-kafka-"));
  const remove = () => rmSync(home, { recursive: true, force: true });
  try {
    const started = await atHome(home, () => startEngine({ engine: "local", port: 0, ...options }));
    // for a run that is ended before its teardown
    const abandon = () => {
      for (const { pid } of started.brokers) kill(pid);
      remove();
    };
    process.once("exit", abandon);
    return {
      bootstrap: started.bootstrap,
      home,
      stop: async () => {
        process.off("exit", abandon);
        await atHome(home, () => stopEngine({ reset: true }));
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}

/** Runs `work` with BOOTCAMP_HOME set to `home`, and puts back what was there. */
export async function atHome<T>(home: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.BOOTCAMP_HOME;
  process.env.BOOTCAMP_HOME = home;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.BOOTCAMP_HOME;
    else process.env.BOOTCAMP_HOME = before;
  }
}
