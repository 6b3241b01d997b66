import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);

/** A server that says what a Kafka says to a new client, and names `host` as the address of its only broker. */
export async function advertise(host: string): Promise<{ bootstrap: string; close(): void }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    let held = Buffer.alloc(0);
    socket.on("data", (piece) => {
      held = Buffer.concat([held, piece]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const request = held.subarray(4, 4 + held.readInt32BE(0));
        held = held.subarray(4 + held.readInt32BE(0));
        const body = request.readInt16BE(0) === 18 ? versions : metadata(host);
        const answer = Buffer.concat([request.subarray(4, 8), body]);
        socket.write(Buffer.concat([int32(answer.length), answer]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  return {
    bootstrap: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}

/** ApiVersions, version 0: it and Metadata, as Kafka 1.0 had it, are all there is. */
const versions = Buffer.concat([
  int16(0),
  int32(2),
  ...[3, 18].flatMap((key) => [int16(key), int16(0), int16(key === 3 ? 4 : 0)]),
]);

/** Metadata, version 4: not throttled, one broker, a cluster without a name, its controller, no topic. */
const metadata = (host: string) =>
  Buffer.concat([
    ...[int32(0), int32(1), int32(0), text(host), int32(9), int16(-1)],
    ...[int16(-1), int32(0), int32(0)],
  ]);
