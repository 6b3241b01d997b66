import type { Order } from "../frames";
import { currentCell } from "./cell-context";
import { writeFrame } from "./write-frame";

const asked = new Map<number, { resolve(text: string): void; reject(error: Error): void }>();
let count = 0;

/** Asks whoever reads the notebook for a line of text; the global `input` of cells. */
export function input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
  const cell = currentCell();
  return new Promise((resolve, reject) => {
    const ask = ++count;
    asked.set(ask, { resolve, reject });
    const { password = false } = options;
    writeFrame({ type: "input", cell: cell?.id ?? 0, ask, prompt: String(prompt), password });
  });
}

export function answered({ ask, text, refused }: Order & { type: "answer" }): void {
  const asker = asked.get(ask);
  asked.delete(ask);
  if (refused !== undefined) asker?.reject(new Error(refused));
  else asker?.resolve(text ?? "");
}
