import { startCompiler } from "./compiler/client";
import { type Compiler, type Completeness, held } from "./compiler/types";
import { Executions } from "./executions";
import { History } from "./history";
import { nameAsked } from "./pager";
import type { Connection } from "./protocol/connection";
import { type Channel, Sockets } from "./protocol/sockets";
import { type Message, PROTOCOL } from "./protocol/wire";

/** What is said of the kernel: its name, and what the cells are written in. */
export interface About {
  readonly version: string;
  readonly typescript: string;
}

/** After the compiler is ready: the first cell has the processor by then. */
const PRELOAD_MS = 500;

/** Answers front ends. Cells run in a process of their own and are checked in another, so this one is never busy. */
export class Kernel {
  private readonly sockets: Sockets;
  private readonly compiler: Compiler;
  private readonly executions: Executions;
  private readonly history = new History();

  /** @param cwd folder of the notebook */
  constructor(
    connection: Connection,
    cwd: string,
    private readonly about: About,
  ) {
    this.sockets = new Sockets(connection);
    const compiler = startCompiler(cwd);
    this.compiler = compiler;
    this.executions = new Executions(this.sockets, compiler, this.history);
    // not before: with few processors it would delay the first cell
    void compiler.warm.then(() => setTimeout(() => this.executions.preload(held), PRELOAD_MS).unref());
  }

  async start(): Promise<void> {
    await this.sockets.listen((channel, message) => void this.take(channel, message));
  }

  interrupt(): void {
    this.executions.interrupt();
  }

  private async take(channel: Channel, message: Message): Promise<void> {
    const { header, content } = message;
    const type = header.msg_type;
    if (channel === "stdin") {
      if (type === "input_reply") this.executions.reply(content);
      return;
    }
    if (type === "execute_request") {
      this.executions.add(message);
      return;
    }
    void this.sockets.publish("status", header, { execution_state: "busy" });
    try {
      const reply = await this.replyTo(type, content, message);
      if (reply) await this.sockets.reply(channel, message, reply);
    } catch (error) {
      const evalue = String((error as Error)?.message ?? error);
      await this.sockets.reply(channel, message, { status: "error", ename: "Error", evalue, traceback: [evalue] });
    }
    await this.sockets.publish("status", header, { execution_state: "idle" });
    if (type === "shutdown_request") this.end();
    // the indicator of a front end follows whatever status came last
    const { busy } = this.executions;
    if (busy) void this.sockets.publish("status", busy, { execution_state: "busy" });
  }

  /** The content of the answer; nothing for what is not known, as the protocol has it. */
  private async replyTo(type: string, content: Record<string, any>, message: Message): Promise<object | undefined> {
    switch (type) {
      case "kernel_info_request":
        return this.info();
      case "complete_request":
        return this.complete(content);
      case "inspect_request":
        return this.inspect(content);
      case "is_complete_request":
        return this.isComplete(String(content["code"] ?? ""));
      case "history_request":
        return { status: "ok", history: this.history.find(content) };
      case "comm_info_request":
        return { status: "ok", comms: this.executions.comms.info(content["target_name"]) };
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.executions.comms.take(message);
        return undefined;
      case "interrupt_request":
        this.executions.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content["restart"] === true };
      default:
        return undefined;
    }
  }

  private info(): object {
    const { version, typescript } = this.about;
    return {
      status: "ok",
      protocol_version: PROTOCOL,
      implementation: "alert-kernel",
      implementation_version: version,
      banner: `Alert kernel ${version}, TypeScript ${typescript}, Node ${process.versions.node}`,
      language_info: {
        name: "typescript",
        version: typescript,
        mimetype: "text/typescript",
        file_extension: ".ts",
        codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
        nbconvert_exporter: "script",
      },
      help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
      supported_features: [],
    };
  }

  private async complete(content: Record<string, any>): Promise<object> {
    const code = String(content["code"] ?? "");
    const { start, end, entries } = await this.compiler.complete(code, toUtf16(code, content["cursor_pos"]));
    const [from, to] = [toPoints(code, start), toPoints(code, end)];
    const types = entries.map(({ name, kind }) => ({ text: name, type: kind, start: from, end: to }));
    return {
      status: "ok",
      matches: entries.map(({ name }) => name),
      cursor_start: from,
      cursor_end: to,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  private async isComplete(code: string): Promise<Completeness> {
    return nameAsked(code) === undefined ? this.compiler.isComplete(code) : { status: "complete" };
  }

  private async inspect(content: Record<string, any>): Promise<object> {
    const code = String(content["code"] ?? "");
    const found = await this.compiler.inspect(code, toUtf16(code, content["cursor_pos"]));
    const data = found ? { "text/plain": found.plain, "text/markdown": found.markdown } : {};
    return { status: "ok", found: found !== undefined, data, metadata: {} };
  }

  private end(): void {
    this.executions.close();
    // the answer has to leave first
    setTimeout(() => process.exit(0), 50);
  }
}

/** Jupyter counts characters, JavaScript UTF-16 units. */
const toUtf16 = (code: string, points: unknown): number =>
  typeof points === "number" ? [...code].slice(0, points).join("").length : code.length;
const toPoints = (code: string, at: number): number => [...code.slice(0, at)].length;
