import fs from "node:fs";
import { type Frame, RECORD } from "../frames";

/** The pipe to the kernel. */
const FD = 3;
// a cell may put another in its place
const { writeSync } = fs;
const nap = new Int32Array(new SharedArrayBuffer(4));

const bigintAsText = (_: string, item: unknown): unknown => (typeof item === "bigint" ? String(item) : item);

/** Sends a frame and returns when the pipe has taken it: who prints faster than the kernel reads has to wait. */
export function writeFrame(frame: Frame): void {
  const json = frame.type === "display" ? JSON.stringify(frame, bigintAsText) : JSON.stringify(frame);
  const bytes = Buffer.from(`${RECORD}${json}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(FD, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(nap, 0, 0, 1);
    }
  }
}
