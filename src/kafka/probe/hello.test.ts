import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { offeredMechanisms, openPort, sayHello } from "./hello";

let server: Server | undefined;
const open = new Set<Socket>();
afterEach(() => {
  server?.close();
  for (const socket of open) socket.destroy();
  open.clear();
});

/** Someone who answers the first question with these pieces, and then, perhaps, hangs up. */
async function answering(pieces: Buffer[], hangUp = false): Promise<Socket> {
  server = createServer((socket) => {
    open.add(socket.on("error", () => {}));
    socket.once("data", () => {
      for (const piece of pieces) socket.write(piece);
      if (hangUp) socket.end();
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const socket = await openPort("127.0.0.1", (server.address() as AddressInfo).port, 1000);
  open.add(socket);
  return socket;
}

/** An answer as Kafka frames it: size, number of the question, body. */
function framed(body: Buffer, size = body.length + 4): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(size);
  head.writeInt32BE(7, 4);
  return Buffer.concat([head, body]);
}

/** Body of a handshake's answer: code, count of names, and each with its length, which may be a lie. */
function handshake(code: number, names: [length: number, text: string][], count = names.length): Buffer {
  const head = Buffer.alloc(6);
  head.writeInt16BE(code);
  head.writeInt32BE(count, 2);
  const parts = names.map(([length, text]) => {
    const size = Buffer.alloc(2);
    size.writeInt16BE(length);
    return Buffer.concat([size, Buffer.from(text)]);
  });
  return framed(Buffer.concat([head, ...parts]));
}

const names: [number, string][] = [
  [5, "PLAIN"],
  [13, "SCRAM-SHA-512"],
];
const ask = async (answer: Buffer) => offeredMechanisms(await answering([answer]), "X", 500);

describe("the first words with a broker", () => {
  it("are understood however the answer is cut", async () => {
    const answer = handshake(33, names);
    const pieces = [...answer].map((byte) => Buffer.of(byte));
    expect(await offeredMechanisms(await answering(pieces), "X", 2000)).toEqual(["PLAIN", "SCRAM-SHA-512"]);
  });

  it("tell a port that takes no login", async () => expect(await ask(handshake(34, []))).toEqual([]));

  it("survive lies about lengths and counts, and names that are none", async () => {
    expect(await ask(handshake(33, names, 2 ** 31 - 1))).toEqual(["PLAIN", "SCRAM-SHA-512"]);
    expect(await ask(handshake(33, [[-2, "PLAIN"]], 2 ** 31 - 1))).toEqual([]);
    expect(await ask(handshake(33, [[32_000, "PLAIN"]]))).toEqual(["PLAIN"]);
    expect(await ask(handshake(33, [[5, "\u001b[2J!"]]))).toEqual(["??2J?"]);
  });

  it.each<[string, Buffer[], boolean, string]>([
    ["a size beyond reason", [framed(Buffer.alloc(8), 2 ** 31 - 1)], false, "garbage"],
    ["a negative size", [framed(Buffer.alloc(8), -1)], false, "garbage"],
    ["an answer to another question", [Buffer.from("HTTP/1.1 400 Bad Request")], false, "garbage"],
    ["too few bytes", [framed(Buffer.alloc(2))], false, "garbage"],
    ["half an answer, and the end", [framed(Buffer.alloc(2), 100)], true, "closed"],
    ["nothing", [], false, "silent"],
  ])("are not taken for Kafka's: %s", async (_, pieces, hangUp, kind) => {
    await expect(sayHello(await answering(pieces, hangUp), 300)).rejects.toMatchObject({ kind });
  });
});
