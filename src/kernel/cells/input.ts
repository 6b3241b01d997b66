import type { Order } from "../frames";
import { currentCell } from "./cell-context";
import type { Orders } from "./orders";
import { writeFrame } from "./write-frame";

type Answer = Order & { type: "answer" };

const asked = new Map<number, { resolve(text: string): void; reject(error: Error): void }>();
let count = 0;

function ask(prompt: string, password: boolean): number {
  writeFrame({ type: "input", cell: currentCell()?.id ?? 0, ask: ++count, prompt, password });
  return count;
}

/** Asks whoever reads the notebook for a line of text; the global `input` of cells. */
export function input(prompt = "", { password = false }: { password?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => asked.set(ask(String(prompt), password), { resolve, reject }));
}

export function answered({ ask: number, text, refused }: Answer): void {
  const asker = asked.get(number);
  asked.delete(number);
  if (refused !== undefined) asker?.reject(new Error(refused));
  else asker?.resolve(text ?? "");
}

/** The questions of browsers and of Deno, which return with the answer: nothing else runs meanwhile. */
export function dialogs(orders: () => Orders) {
  const answerTo = (prompt: string): string => {
    const number = ask(prompt, false);
    const answer = orders().waitFor((order) => order.type === "answer" && order.ask === number) as Answer;
    if (answer.refused !== undefined) throw new Error(answer.refused);
    return answer.text ?? "";
  };
  return {
    prompt: (message = "Prompt", initial = ""): string => answerTo(`${message} `) || initial,
    confirm: (message = "Confirm"): boolean => /^y/i.test(answerTo(`${message} [y/N] `).trim()),
    alert: (message = "Alert"): void => void answerTo(`${message} [Enter] `),
  };
}
