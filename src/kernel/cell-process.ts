import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { type Frame, FrameReader, type Order } from "./frames";

export interface CellProcessEvents {
  frame(frame: Frame): void;
  /** The process has ended by itself; a new one is there. @param obituary what is known of why */
  died(obituary: string): void;
}

/** Lines of V8 when it has no memory left; what follows them concerns V8's own developers. */
const outOfMemory = /heap out of memory|invalid (table|array) size|Allocation failed/i;
/** How long the last output of a process that ended may take to be read; a child of its own may hold the pipe. */
const DRAIN_MS = 300;

/** The process in which the cells run; when it ends, another takes its place. */
export class CellProcess {
  private child: ChildProcess;
  private heapMb = 0;
  private lastWords = "";
  private isClosing = false;
  private isKilled = false;

  constructor(private readonly events: CellProcessEvents) {
    this.child = this.start();
  }

  send(order: Order): void {
    // one that has just died says so by its end
    const pipe = pipeTo(this.child, Pipe.orders);
    if (pipe.writable) pipe.write(`${JSON.stringify(order)}\n`);
  }

  interrupt(): void {
    const pipe = pipeTo(this.child, Pipe.interrupts);
    if (pipe.writable) pipe.write("i");
  }

  /** Ends the process, whatever it does; a new one starts. */
  kill(): void {
    this.isKilled = true;
    this.child.kill("SIGKILL");
  }

  close(): void {
    this.isClosing = true;
    this.child.kill("SIGKILL");
  }

  private start(): ChildProcess {
    // stdin, stdout, stderr, frames, orders, interrupts
    const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] as const;
    const child = spawn(process.execPath, [...flags(), join(__dirname, "cells", "main.js"), ...process.argv.slice(2)], {
      stdio: [...stdio],
    });
    const reader = new FrameReader();
    const frames = child.stdio[3] as Readable;
    frames.setEncoding("utf8").on("data", (chunk: string) => {
      for (const frame of reader.read(chunk)) {
        if (frame.type === "ready") this.heapMb = frame.heapMb;
        else this.events.frame(frame);
      }
    });
    this.readNative(child, 1, "stdout");
    this.readNative(child, 2, "stderr");
    // a process that ended takes nothing
    for (const pipe of [Pipe.orders, Pipe.interrupts]) pipeTo(child, pipe).on("error", () => {});
    child.on("error", () => {});
    const drained = new Promise<void>((resolve) => frames.on("close", resolve));
    child.on("exit", async (code, signal) => {
      if (this.isClosing) return;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
      clearTimeout(timer);
      const obituary = this.obituary(code, signal);
      this.lastWords = "";
      this.isKilled = false;
      this.child = this.start();
      this.events.died(obituary);
    });
    return child;
  }

  /** What is written past JavaScript: by native code, by child processes that share the terminal, by V8 at its end. */
  private readNative(child: ChildProcess, fd: 1 | 2, name: "stdout" | "stderr"): void {
    (child.stdio[fd] as Readable).setEncoding("utf8").on("data", (text: string) => {
      if (fd === 2) this.lastWords = (this.lastWords + text).slice(-10_000);
      if (fd === 2 && /<--- Last few GCs|^FATAL ERROR|^#$/m.test(this.lastWords)) return;
      this.events.frame({ type: "stream", cell: 0, name, text });
    });
  }

  private obituary(code: number | null, signal: NodeJS.Signals | null): string {
    if (outOfMemory.test(this.lastWords)) {
      return `the cells had no memory left: ${this.heapMb.toLocaleString("en")} MB are what V8 takes at most here`;
    }
    if (this.isKilled) return "the cell did not stop at the first interrupt, and the second ended its process";
    if (signal === "SIGKILL") return "the process of the cells was killed (SIGKILL), often for want of memory";
    if (signal !== null) return `the process of the cells crashed (${signal})`;
    return `the process of the cells ended (process.exit, code ${code})`;
  }
}

function flags(): string[] {
  const follow = "--experimental-async-context-frame"; // see cells/cell-context.ts; not in 20, nothing new in 24
  return ["--stack-trace-limit=50", ...(process.allowedNodeEnvironmentFlags.has(follow) ? [follow] : [])];
}

const Pipe = { orders: 4, interrupts: 5 } as const;
/** The types of Node know of five pipes only. */
const pipeTo = (child: ChildProcess, number: number): Writable => (child.stdio as unknown as Writable[])[number]!;
