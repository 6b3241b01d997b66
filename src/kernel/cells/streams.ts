import { StringDecoder } from "node:string_decoder";
import { currentCell } from "./cell-context";
import { writeFrame } from "./write-frame";

/** Sends what programs print to the cell that printed it, in order with everything else the cell shows. */
export function takeStreams(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== "") writeFrame({ type: "stream", cell: currentCell()?.id ?? 0, name, text });
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    };
    Object.defineProperty(process[name], "write", { value: write, configurable: true, writable: true });
  }
  console.clear = () => writeFrame({ type: "clear", cell: currentCell()?.id ?? 0 });
}
