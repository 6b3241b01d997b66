import type { Socket } from "node:net";
import type { ISocketFactory } from "kafkajs";

/**
 * The sockets of a client, which can all be closed at once and for good. kafkajs goes on connecting for a minute when a
 * client is closed while Kafka is away, and would join its group again should Kafka return.
 */
export class Sockets {
  isClosed = false;
  /** What makes a socket; default: kafkajs's own way. */
  usual: ISocketFactory | undefined;
  private readonly open = new Set<Socket>();

  readonly factory: ISocketFactory = (settings) => {
    if (this.isClosed) throw new Error("this client was closed");
    this.usual ??= (require("kafkajs/src/network/socketFactory") as () => ISocketFactory)();
    const socket = this.usual(settings);
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    return socket;
  };

  close(): void {
    this.isClosed = true;
    // with an error: without one kafkajs does not hear that the socket is gone, and waits for its answers
    for (const socket of this.open) socket.destroy(new Error("this client was closed"));
  }
}
