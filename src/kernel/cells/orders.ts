import fs from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import type { Order } from "../frames";

/** The pipe from the kernel, a line of JSON for each order. */
const FD = 4;
const NAP_MS = 10;
const nap = new Int32Array(new SharedArrayBuffer(4));
// a cell may put others in their place
const { readSync } = fs;
const { parse } = JSON;

/** Hands on what the kernel orders. Nothing that a cell can remove from `process` is part of the way. */
export class Orders {
  private readonly decoder = new StringDecoder("utf8");
  private rest = "";
  private readonly waiting: Order[] = [];

  constructor(
    private readonly take: (order: Order) => void,
    ended: () => void,
  ) {
    const pipe = new Socket({ fd: FD, readable: true, writable: false });
    pipe.on("data", (chunk: Buffer) => {
      this.read(chunk);
      this.handOn();
    });
    pipe.on("close", ended);
  }

  /**
   * Waits, while nothing else runs, for the one order that is wanted; others come after it. An interrupt ends the wait, as it
   * ends any loop.
   */
  waitFor(isWanted: (order: Order) => boolean): Order {
    const buffer = Buffer.alloc(65_536);
    for (;;) {
      const at = this.waiting.findIndex(isWanted);
      if (at >= 0) {
        setImmediate(() => this.handOn());
        return this.waiting.splice(at, 1)[0]!;
      }
      try {
        const length = readSync(FD, buffer);
        if (length === 0) process.kill(process.pid, "SIGKILL"); // the kernel is gone
        this.read(buffer.subarray(0, length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(nap, 0, 0, NAP_MS);
      }
    }
  }

  private read(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) this.waiting.push(parse(line));
  }

  private handOn(): void {
    for (let order = this.waiting.shift(); order !== undefined; order = this.waiting.shift()) this.take(order);
  }
}
