import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { alerts, type Run } from "../helpers/alerts-command";

/** A bootcamp of its own: state, data and ports apart from every other one on this machine. */
export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), "bootcamp-home-"));
  readonly env: NodeJS.ProcessEnv = {
    BOOTCAMP_HOME: this.folder,
    BOOTCAMP_DATA: join(this.folder, "data"),
    KAFKA_BOOTSTRAP: undefined,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
  };

  /** Runs a script of the project. */
  script(program: string, ...args: string[]): Promise<Run> {
    return alerts(args, { program, env: this.env, cwd: tmpdir() });
  }

  alerts(...args: string[]): Promise<Run> {
    return alerts(args, { env: this.env });
  }

  async streamStatus(): Promise<{ running: boolean; finished: boolean; visits: number; pid: number }> {
    return JSON.parse((await this.alerts("stream", "status", "--json")).stdout);
  }

  /** Waits until the stream has published everything. */
  async streamEnd(): Promise<void> {
    for (const end = Date.now() + 45_000; Date.now() < end; await wait(100)) {
      const { running, finished } = await this.streamStatus();
      if (finished) return;
      if (!running) break;
    }
    throw new Error(`the stream did not finish:\n${this.log("stream")}`);
  }

  log(name: string): string {
    return readFileSync(join(this.folder, "logs", `${name}.log`), "utf8");
  }

  state(name: string): { pid: number; bootstrap: string } {
    return JSON.parse(readFileSync(join(this.folder, `${name}.json`), "utf8"));
  }

  /** Processes that were started for this home, by their environment or command line (Linux; elsewhere none is seen). */
  processes(): string[] {
    return (existsSync("/proc/self/environ") ? readdirSync("/proc") : [])
      .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
      .flatMap((pid) => {
        const command = readOr(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
        const isOurs = `${readOr(`/proc/${pid}/environ`)} ${command}`.includes(this.folder);
        // a zombie has no command line any more
        return isOurs && command !== "" ? [`${pid} ${command}`] : [];
      });
  }

  async remove(): Promise<void> {
    await this.script("launch_bootcamp.sh", "--stop");
    // of a test that failed half-way
    for (const line of this.processes()) process.kill(Number.parseInt(line, 10), "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
