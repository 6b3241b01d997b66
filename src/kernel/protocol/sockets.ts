import { Router, XPublisher } from "zeromq";
import { addressOf, type Connection } from "./connection";
import { type Header, type Message, type Outgoing, Wire } from "./wire";

type Published = Pick<Outgoing, "metadata" | "buffers">;

export type Channel = "shell" | "control" | "stdin";

/**
 * The five sockets of a kernel. What is sent on one keeps its order: ZeroMQ takes one message at a time.
 *
 * Without a mark (`sendHighWaterMark: 0`) nothing is dropped on the way to a slow front end: by default ZeroMQ loses what
 * exceeds 1,000 messages, the "idle" that ends a cell among it. What a cell prints is bounded before it comes here.
 */
export class Sockets {
  private readonly wire: Wire;
  private readonly iopub = new XPublisher({ sendHighWaterMark: 0, linger: 1000 });
  private readonly routers: Record<Channel, Router>;
  private readonly heartbeat = new Router({ linger: 0 });
  private readonly tails = new Map<Router | XPublisher, Promise<void>>();

  constructor(private readonly connection: Connection) {
    this.wire = new Wire(connection.key);
    const router = () => new Router({ sendHighWaterMark: 0, linger: 1000 });
    this.routers = { shell: router(), control: router(), stdin: router() };
  }

  /** Binds all five and hands on what comes, each channel in its order. */
  async listen(take: (channel: Channel, message: Message) => void): Promise<void> {
    const { connection, routers, iopub, heartbeat } = this;
    await Promise.all([
      routers.shell.bind(addressOf(connection, "shell_port")),
      routers.control.bind(addressOf(connection, "control_port")),
      routers.stdin.bind(addressOf(connection, "stdin_port")),
      iopub.bind(addressOf(connection, "iopub_port")),
      heartbeat.bind(addressOf(connection, "hb_port")),
    ]);
    for (const channel of ["shell", "control", "stdin"] as const) void this.read(channel, take);
    void this.greet();
    void (async () => {
      for await (const frames of heartbeat) await heartbeat.send(frames);
    })();
  }

  private async read(channel: Channel, take: (channel: Channel, message: Message) => void): Promise<void> {
    for await (const frames of this.routers[channel]) {
      const message = this.wire.unpack(frames);
      if (message) take(channel, message);
    }
  }

  /** A front end that subscribes is told that it hears everything from now on (`iopub_welcome`). */
  private async greet(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1);
      const content = { subscription: subscription.toString() };
      void this.send(this.iopub, { identities: [subscription], type: "iopub_welcome", content });
    }
  }

  /** To every front end. */
  publish(type: string, parent: Header | undefined, content: object, rest: Published = {}): Promise<void> {
    return this.send(this.iopub, { identities: [type], type, parent, content, ...rest });
  }

  /** An answer to the one who asked. */
  reply(channel: Channel, to: Message, content: object): Promise<void> {
    const type = to.header.msg_type.replace(/_request$/, "_reply");
    return this.send(this.routers[channel], { identities: to.identities, type, parent: to.header, content });
  }

  /** Asks the front end that sent `to` for a line of text. */
  ask(to: Message, content: object): Promise<void> {
    const { identities, header } = to;
    return this.send(this.routers.stdin, { identities, type: "input_request", parent: header, content });
  }

  private send(socket: Router | XPublisher, message: Outgoing): Promise<void> {
    const frames = this.wire.pack(message);
    // a front end that went away is no reason to end
    const sent = (this.tails.get(socket) ?? Promise.resolve()).then(() => socket.send(frames)).catch(() => {});
    this.tails.set(socket, sent);
    return sent;
  }
}
