import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../helpers/data";

/** A process to do things to: the built library as `bootcamp`, `say` for a line that is written before anything else happens. */
export class Child {
  readonly lines: string[] = [];
  stderr = "";
  /** It has ended, and all its lines have come. */
  isOver = false;
  /** Exit code, or the signal that ended it; all lines have come then. */
  readonly end: Promise<number | string>;
  private readonly process: ChildProcess;

  constructor(code: string, options: { env?: NodeJS.ProcessEnv; through?: readonly string[] } = {}) {
    const preamble = `const bootcamp = require(${JSON.stringify(join(root, "dist/index.js"))});
      const say = (line) => require("node:fs").writeSync(1, line + "\\n");`;
    const main = `${preamble}\n(async () => { ${code} })().catch((error) => { console.error(error); process.exitCode = 1; });`;
    const [program, ...args] = [...(options.through ?? []), process.execPath, "-e", main];
    this.process = spawn(program!, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const abandon = () => this.kill("SIGKILL"); // of a test that failed
    process.once("exit", abandon);
    createInterface(this.process.stdout!).on("line", (line) => this.lines.push(line));
    this.process.stderr!.on("data", (piece) => (this.stderr += piece));
    this.end = new Promise((resolve, reject) => {
      this.process.on("error", reject);
      this.process.on("close", (code, signal) => {
        process.off("exit", abandon);
        this.isOver = true;
        resolve(signal ?? code ?? -1);
      });
    });
  }

  /** Resolves when it has said so many lines. */
  async said(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.isOver) throw new Error(`ended after ${this.lines.length} lines: ${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}
