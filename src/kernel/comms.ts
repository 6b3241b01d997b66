import type { CommMessage, Frame } from "./frames";
import type { Sockets } from "./protocol/sockets";
import type { Message } from "./protocol/wire";

/** The comms between cells and front ends: which there are, and what goes through them. Widgets are made of them. */
export class Comms {
  /** Names that a cell answers to. */
  private readonly targets = new Set<string>();
  /** Name of each open comm, by its id. */
  private readonly open = new Map<string, string>();

  constructor(
    private readonly sockets: Sockets,
    private readonly toCells: (message: CommMessage) => void,
  ) {}

  /** Those that are open, as `comm_info_reply` has them; of one name, if one is given. */
  info(target?: unknown): Record<string, { target_name: string }> {
    const wanted = [...this.open].filter(([, name]) => typeof target !== "string" || name === target);
    return Object.fromEntries(wanted.map(([id, name]) => [id, { target_name: name }]));
  }

  /** What a front end sends. Who opens what nobody answers to is told that it is closed, as the protocol has it. */
  take({ header, content, metadata, buffers }: Message): void {
    const id = String(content["comm_id"] ?? "");
    const name = String(content["target_name"] ?? "");
    const type = header.msg_type as CommMessage["type"];
    if (type === "comm_open" && !this.targets.has(name)) {
      void this.sockets.publish("comm_close", header, { comm_id: id, data: {} });
      return;
    }
    if (type === "comm_open") this.open.set(id, name);
    if (!this.open.has(id)) return;
    if (type === "comm_close") this.open.delete(id);
    this.toCells({ type, content, metadata, buffers: buffers.map((buffer) => buffer.toString("base64")) });
  }

  /** What a cell does; true for what concerns comms alone. */
  hear(frame: Frame): boolean {
    if (frame.type === "target") {
      if (frame.isThere) this.targets.add(frame.name);
      else this.targets.delete(frame.name);
      return true;
    }
    if (frame.type !== "publish") return false;
    const { comm_id: id, target_name: name } = frame.content;
    if (frame.message === "comm_open") this.open.set(String(id), String(name));
    if (frame.message === "comm_close") this.open.delete(String(id));
    return false;
  }

  /** The process of the cells has ended, and their ends of the comms with it. */
  reset(): void {
    for (const id of this.open.keys()) void this.sockets.publish("comm_close", undefined, { comm_id: id, data: {} });
    this.open.clear();
    this.targets.clear();
  }
}
