import { randomUUID } from "node:crypto";
import type { CommMessage } from "../frames";
import { plainJson } from "./bundle";
import { cellContext, currentCell } from "./cell-context";
import type { RunningCell } from "./running-cell";
import { writeFrame } from "./write-frame";

type Json = Record<string, unknown>;
type Bytes = Uint8Array | ArrayBuffer;

/** What has come through a comm, as JupyterLab has it. */
export interface Received {
  readonly content: { readonly comm_id: string; readonly data: any };
  readonly metadata: Json;
  readonly buffers: readonly Uint8Array[];
}

/** Sends any message of the protocol to the front ends, as a part of what the cell shows. */
export function publish(message: string, content: object, metadata: object = {}, buffers: readonly Bytes[] = []): void {
  const inBase64 = buffers.map((one) =>
    Buffer.from(one instanceof ArrayBuffer ? new Uint8Array(one) : one).toString("base64"),
  );
  const cell = currentCell()?.id ?? 0;
  writeFrame({ type: "publish", cell, message, content: plainJson(content), metadata, buffers: inBase64 });
}

const open = new Map<string, Comm>();
const targets = new Map<string, { opened(comm: Comm, message: Received): void; cell: RunningCell | undefined }>();

/** One end of a channel to a program in the front end: names and arguments are those of JupyterLab's. */
export class Comm {
  /** Called with what the other end sends. */
  onMsg: (message: Received) => void = () => {};
  /** Called when the other end has closed. */
  onClose: (message: Received) => void = () => {};
  isDisposed = false;
  /** What a handler prints is of the cell that made the comm. */
  private readonly cell = currentCell();

  constructor(
    readonly targetName: string,
    readonly commId: string,
  ) {}

  open(data: Json = {}, metadata: Json = {}, buffers: readonly Bytes[] = []): void {
    open.set(this.commId, this);
    publish("comm_open", { comm_id: this.commId, target_name: this.targetName, data }, metadata, buffers);
  }

  send(data: Json, metadata: Json = {}, buffers: readonly Bytes[] = []): void {
    if (!open.has(this.commId)) {
      const state = this.isDisposed ? "was closed" : "is not open yet";
      throw new Error(`Expected an open comm, got one that ${state} (${this.targetName})`);
    }
    publish("comm_msg", { comm_id: this.commId, data }, metadata, buffers);
  }

  close(data: Json = {}, metadata: Json = {}, buffers: readonly Bytes[] = []): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    open.delete(this.commId);
    publish("comm_close", { comm_id: this.commId, data }, metadata, buffers);
  }

  /** For the kernel. */
  handle(call: () => void): void {
    cellContext.run(this.cell, call);
  }
}

export const comms = {
  /** A comm that is not open yet. */
  createComm: (targetName: string, commId: string = randomUUID()): Comm => new Comm(targetName, commId),
  /** Answers front ends that open a comm of this name. */
  registerCommTarget(targetName: string, opened: (comm: Comm, message: Received) => void): void {
    targets.set(targetName, { opened, cell: currentCell() });
    writeFrame({ type: "target", cell: 0, name: targetName, isThere: true });
  },
  removeCommTarget(targetName: string): void {
    targets.delete(targetName);
    writeFrame({ type: "target", cell: 0, name: targetName, isThere: false });
  },
};

/** Hands a message of a front end to the comm it is for. */
export function receive({ type, content, metadata, buffers }: CommMessage): void {
  const { comm_id: id, target_name: name } = content;
  const message: Received = {
    content: content as Received["content"],
    metadata: metadata as Json,
    buffers: buffers.map((one) => new Uint8Array(Buffer.from(one, "base64"))),
  };
  if (type === "comm_open") {
    const target = targets.get(name);
    cellContext.run(target?.cell, () => {
      const comm = new Comm(name, id);
      open.set(id, comm);
      target?.opened(comm, message);
    });
    return;
  }
  const comm = open.get(id);
  if (!comm) return;
  if (type === "comm_msg") comm.handle(() => comm.onMsg(message));
  else {
    comm.isDisposed = true;
    open.delete(id);
    comm.handle(() => comm.onClose(message));
  }
}
