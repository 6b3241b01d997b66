import net from "node:net";
import tls from "node:tls";
import type { ISocketFactory } from "kafkajs";

/** As in kafkajs's own factory of sockets. */
const keepAliveMs = 60_000;

/**
 * The sockets of a client, which can all be closed at once and for good. kafkajs goes on connecting for a minute when a
 * client is closed while Kafka is away, and would join its group again should Kafka return.
 */
export class Sockets {
  private readonly open = new Set<net.Socket>();
  private isClosed = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? tls.connect({ host, port, ...servername, ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    if (this.isClosed) socket.destroy(new Error("this client was closed"));
    return socket;
  };

  close(): void {
    this.isClosed = true;
    for (const socket of this.open) socket.destroy();
  }
}
