import { mistakes } from "./cell-mistakes";
import type { CellProcess } from "./cell-process";
import type { Compiler } from "./compiler/types";
import type { Bundle, CellError, Frame } from "./frames";

type Answer =
  | { readonly status: "ok"; readonly data: Bundle; readonly metadata: object }
  | ({ readonly status: "error" } & CellError);

/** Values that a front end asks for along with a cell (`user_expressions`): each is computed when the cell has ended well. */
export class UserExpressions {
  private waiting: { readonly id: number; data: Bundle; readonly done: (answer: Answer) => void } | undefined;

  constructor(
    private readonly compiler: Compiler,
    private readonly process: Pick<CellProcess, "send">,
  ) {}

  /** @param newId gives the number of a run, to which belongs what it prints */
  async of(asked: unknown, newId: () => number): Promise<Record<string, Answer>> {
    const answers: Record<string, Answer> = {};
    if (typeof asked !== "object" || asked === null) return answers;
    for (const [name, code] of Object.entries(asked)) answers[name] = await this.answer(name, String(code), newId());
    return answers;
  }

  /** Takes a frame of an expression that is computed; false for any other, and for what an expression prints. */
  take(frame: Frame): boolean {
    const { waiting } = this;
    if (!waiting || frame.type === "ready" || frame.cell !== waiting.id) return false;
    if (frame.type === "result") waiting.data = frame.data;
    else if (frame.type !== "done") return false;
    else waiting.done(frame.error ? { status: "error", ...frame.error } : ok(waiting.data));
    return true;
  }

  private async answer(name: string, source: string, id: number): Promise<Answer> {
    const checked = await this.compiler.check(source, id);
    const label = `expression ${name}`;
    if (checked.js === undefined) return { status: "error", ...mistakes(checked, label, source) };
    const { js, lines = [], modules = {} } = checked;
    const answer = await new Promise<Answer>((done) => {
      this.waiting = { id, data: { "text/plain": "undefined" }, done };
      this.process.send({ type: "run", cell: id, label, source, js, lines, modules });
    });
    await this.compiler.commit(id, []); // it declares nothing
    return answer;
  }
}

const ok = (data: Bundle): Answer => ({ status: "ok", data, metadata: {} });
