import { mistakes } from "./cell-mistakes";
import { CellOutput } from "./cell-output";
import { CellProcess } from "./cell-process";
import { Comms } from "./comms";
import type { Checked, Compiler } from "./compiler/types";
import type { CellError, Frame } from "./frames";
import type { History } from "./history";
import { nameAsked, pageOf } from "./pager";
import type { Sockets } from "./protocol/sockets";
import type { Header, Message } from "./protocol/wire";
import { UserExpressions } from "./user-expressions";

/** A cell that was sent to run. */
interface Execution {
  readonly id: number;
  readonly message: Message;
  readonly count: number;
  readonly output: CellOutput;
  readonly arrivedMs: number;
  isInterrupted: boolean;
  /** The compiler is at work. */
  isChecked: boolean;
}

/** Runs that late output can still belong to. */
const REMEMBERED = 10_000;
/** A second interrupt after so long ends the process: what runs does not listen, e.g. code that is not JavaScript. */
const DEAF_MS = 1500;
/** When an interrupt is repeated. */
const AGAIN_MS = 300;
/** How long requests that were sent before a failure may be under way. */
const UNDER_WAY_MS = 1000;

/** The cells, one after the other: checked, run, answered. */
export class Executions {
  private readonly queue: { readonly message: Message; readonly arrivedMs: number }[] = [];
  private readonly outputs = new Map<number, { header: Header; output: CellOutput; message: Message }>();
  readonly comms: Comms;
  private readonly process: CellProcess;
  private readonly expressions: UserExpressions;
  private running: Execution | undefined;
  /** Packages to be loaded when nothing runs. */
  private awaited: readonly string[] = [];
  private runs = 0;
  private count = 0;
  private interruptedMs = 0;
  private printing: CellOutput | undefined;
  /** The number of the question that waits for a line of the front end. */
  private asking: number | undefined;
  private failure: { session: string; sentBefore: number; atMs: number } | undefined;

  constructor(
    private readonly sockets: Sockets,
    private readonly compiler: Compiler,
    private readonly history: History,
  ) {
    this.process = new CellProcess({
      frame: (frame) => this.frame(frame),
      died: (obituary) => this.died(obituary),
    });
    this.expressions = new UserExpressions(compiler, this.process);
    this.comms = new Comms(sockets, (message) => this.process.send(message));
  }

  /** The cell that runs, for the status of the kernel. */
  get busy(): Header | undefined {
    return this.running?.message.header;
  }

  add(message: Message): void {
    if (this.wasSentBeforeFailure(message, performance.now())) {
      this.abort(message);
      return;
    }
    this.queue.push({ message, arrivedMs: performance.now() });
    void this.next();
  }

  interrupt(): void {
    const { running } = this;
    const now = performance.now();
    if (running?.isInterrupted && now - this.interruptedMs > DEAF_MS) {
      this.process.kill();
      return;
    }
    this.process.interrupt();
    if (!running || running.isInterrupted) return;
    this.interruptedMs = now;
    running.isInterrupted = true;
    if (running.isChecked) this.finish(running, stopped);
    // an order to run that was on its way crossed it
    setTimeout(() => this.running === running && this.process.interrupt(), AGAIN_MS).unref();
  }

  /** Loads packages before a cell asks for them, once nothing runs: an interrupt would have to wait for it. */
  preload(names: readonly string[]): void {
    this.awaited = this.running ? names : [];
    if (!this.running) this.process.send({ type: "preload", names });
  }

  close(): void {
    this.process.close();
  }

  private async next(): Promise<void> {
    if (this.running || this.queue.length === 0) return;
    const { message, arrivedMs } = this.queue.shift()!;
    const { content, header } = message;
    const code = String(content["code"] ?? "");
    const isSilent = content["silent"] === true;
    const isStored = !isSilent && content["store_history"] !== false;
    if (isStored) this.count++;
    const id = ++this.runs;
    const output = new CellOutput((name, text) => void this.sockets.publish("stream", header, { name, text }));
    const running = { id, message, count: this.count, output, arrivedMs, isInterrupted: false, isChecked: true };
    this.running = running;
    this.outputs.set(id, { header, output, message });
    this.outputs.delete(id - REMEMBERED);
    void this.sockets.publish("status", header, { execution_state: "busy" });
    if (!isSilent) void this.sockets.publish("execute_input", header, { code, execution_count: this.count });
    if (isStored) this.history.add(this.count, code);
    const asked = nameAsked(code);
    if (asked !== undefined) {
      this.finish(running, undefined, [await pageOf(this.compiler, asked)]);
      return;
    }
    let checked: Checked;
    try {
      checked = await this.compiler.check(code, id);
    } catch (error) {
      // the compiler's own failure is no reason to leave the cell without an answer
      const evalue = `the compiler failed: ${String(error).split("\n").slice(0, 3).join(" ")}`;
      return this.finish(running, { ename: "CompilerError", evalue, traceback: [evalue] });
    }
    running.isChecked = false;
    // stopped meanwhile: nothing of it is run
    if (this.running !== running) return this.compiler.commit(id, []);
    const label = `cell ${running.count}`;
    if (checked.js === undefined) return this.finish(running, mistakes(checked, label, code));
    const { js, lines = [], modules = {} } = checked;
    this.process.send({ type: "run", cell: id, label, source: code, js, lines, modules });
  }

  private frame(frame: Frame): void {
    if (frame.type === "ready" || this.comms.hear(frame) || this.expressions.take(frame)) return;
    const { running } = this;
    const place = this.outputs.get(frame.cell || this.runs);
    // two cells that print in turn are seen in turn
    if (place?.output !== this.printing) this.printing?.flush();
    this.printing = place?.output;
    if (frame.type === "stream") {
      place?.output.add(frame.name, frame.text);
      return;
    }
    place?.output.flush();
    const header = place?.header;
    if (frame.type === "display") {
      const { data, id, update } = frame;
      const transient = id === undefined ? {} : { display_id: id };
      const type = update ? "update_display_data" : "display_data";
      void this.sockets.publish(type, header, { data, metadata: {}, transient });
    } else if (frame.type === "publish") {
      const { message, content, metadata, buffers } = frame;
      const bytes = buffers.map((one) => Buffer.from(one, "base64"));
      void this.sockets.publish(message, header, content, { metadata, buffers: bytes });
    } else if (frame.type === "clear") {
      void this.sockets.publish("clear_output", header, { wait: false });
    } else if (frame.type === "result") {
      if (running?.id !== frame.cell) return;
      this.history.result(running.count, String(frame.data["text/plain"] ?? ""));
      if (running.message.content["silent"] === true) return;
      const content = { execution_count: running.count, data: frame.data, metadata: {} };
      void this.sockets.publish("execute_result", header, content);
    } else if (frame.type === "input") {
      this.ask(frame, place?.message);
    } else if (frame.type === "done" && running?.id === frame.cell) {
      void this.done(running, frame.defined, frame.error);
    }
  }

  /** A line that the front end has sent. */
  reply(content: Record<string, any>): void {
    if (this.asking === undefined) return;
    this.process.send({ type: "answer", ask: this.asking, text: String(content["value"] ?? "") });
    this.asking = undefined;
  }

  private ask({ ask, prompt, password }: Frame & { type: "input" }, to: Message | undefined): void {
    if (to?.content["allow_stdin"] !== true) {
      const refused = "Expected a front end that can ask for input; this one cannot (allow_stdin is false)";
      this.process.send({ type: "answer", ask, refused });
      return;
    }
    this.asking = ask;
    void this.sockets.ask(to, { prompt, password });
  }

  private async done(running: Execution, defined: readonly string[], error: CellError | undefined): Promise<void> {
    await this.compiler.commit(running.id, defined);
    const newId = () => {
      this.outputs.set(++this.runs, this.outputs.get(running.id)!);
      return this.runs;
    };
    const values = error ? {} : await this.expressions.of(running.message.content["user_expressions"], newId);
    this.finish(running, error, [], values);
  }

  private finish(running: Execution, error?: CellError, payload: readonly object[] = [], values: object = {}): void {
    if (this.running !== running) return;
    const { message, count, output } = running;
    output.end();
    this.asking = undefined;
    if (error) void this.sockets.publish("error", message.header, { ...error });
    const content = error
      ? { status: "error", execution_count: count, ...error }
      : { status: "ok", execution_count: count, payload, user_expressions: values };
    if (error && message.content["stop_on_error"] !== false) this.failed(running);
    void this.sockets.reply("shell", message, content);
    void this.sockets.publish("status", message.header, { execution_state: "idle" });
    this.running = undefined;
    void this.next();
    if (!this.running && this.awaited.length > 0) this.preload(this.awaited);
  }

  /** Whoever sent more cells did not know of the failure: those that wait, and those that are still under way. */
  private failed({ message, arrivedMs }: Execution): void {
    const now = performance.now();
    // by the sender's own clock: when it sent this cell, and how long ago that was
    const sentBefore = Date.parse(message.header.date) + (now - arrivedMs);
    this.failure = { session: message.header.session, sentBefore, atMs: now };
    for (const { message: waiting } of this.queue.splice(0)) this.abort(waiting);
  }

  private wasSentBeforeFailure({ header }: Message, nowMs: number): boolean {
    const { failure } = this;
    if (!failure || nowMs - failure.atMs > UNDER_WAY_MS || header.session !== failure.session) return false;
    return Date.parse(header.date) < failure.sentBefore;
  }

  private abort(message: Message): void {
    const content = { status: "aborted" }; // without a count: front ends would show the cell as run
    void this.sockets.publish("status", message.header, { execution_state: "busy" });
    void this.sockets.reply("shell", message, content);
    void this.sockets.publish("status", message.header, { execution_state: "idle" });
  }

  private died(obituary: string): void {
    const evalue = `${obituary}. Its variables are gone; a fresh one is there`;
    void this.compiler.reset();
    this.comms.reset();
    const { running } = this;
    if (running) {
      this.finish(running, { ename: "CellsEnded", evalue, traceback: [`CellsEnded: ${evalue}`] });
      return;
    }
    const place = this.outputs.get(this.runs);
    void this.sockets.publish("stream", place?.header, { name: "stderr", text: `${evalue}\n` });
  }
}

const stopped: CellError = {
  ename: "Interrupted",
  evalue: "stopped by you",
  traceback: ["Interrupted: stopped by you"],
};
