import { connect, isIP, type OnReadOpts, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ISocketFactory } from "kafkajs";

/** A socket whose bytes can be taken past its events. */
export interface ReceivingSocket extends Socket {
  /** From now on each piece that comes goes here and nowhere else; it holds only until this returns. */
  receive(take: (piece: Buffer) => void): void;
}

const keepAliveMs = 60_000;
/** Larger pieces are no quicker. */
const receiveBytes = 256 * 1024;

/**
 * Opens a socket for kafkajs as kafkajs itself does, but without TLS the system writes what comes into one buffer, again and
 * again: a new buffer for each piece is much work for the garbage collector.
 */
export const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl ? openTls(host, port, ssl, onConnect) : openPlain(host, port, onConnect);
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
};

function openTls(host: string, port: number, ssl: object, onConnect: () => void): ReceivingSocket {
  const socket = connectTls({ host, port, ...(!isIP(host) && { servername: host }), ...ssl }, onConnect);
  const receive = (take: (piece: Buffer) => void) => {
    socket.removeAllListeners("data");
    socket.on("data", take);
  };
  return Object.assign(socket, { receive });
}

function openPlain(host: string, port: number, onConnect: () => void): ReceivingSocket {
  // kafkajs keeps what it is given while it logs in
  let take = (piece: Buffer): void => void socket.emit("data", Buffer.from(piece));
  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafeSlow(receiveBytes),
    callback: (length, buffer) => {
      take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    },
  };
  const socket = connect({ host, port, onread }, onConnect);
  const receive = (taker: (piece: Buffer) => void) => {
    take = taker;
  };
  return Object.assign(socket, { receive });
}
