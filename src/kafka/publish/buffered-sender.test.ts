import { afterEach, describe, expect, it, vi } from "vitest";
import { MessageSender, type Outgoing } from "../client/message-sender";
import { BufferedSender } from "./buffered-sender";

afterEach(() => vi.restoreAllMocks());

/** A sender, and what it hands on to be sent. */
async function sender(
  send = async (_: readonly Outgoing[], acknowledged: (count: number, bytes: number) => void) =>
    acknowledged(_.length, 1000 * _.length),
) {
  const parts: number[] = [];
  const inner = {
    send: (messages: readonly Outgoing[], acknowledged: (count: number, bytes: number) => void) => {
      parts.push(messages.length);
      return send(messages, acknowledged);
    },
    close: () => {},
  };
  vi.spyOn(MessageSender, "open").mockResolvedValue(inner as never);
  const made = new BufferedSender("out", { bootstrap: "127.0.0.1:1" });
  await made.connect();
  return { made, parts };
}

const message = (n: number, headers = {}) => ({ key: `o${n}`, value: Buffer.alloc(1000), headers });

describe("a sender that gathers messages", () => {
  it("counts what is acknowledged, and nothing else", async () => {
    const { made } = await sender(async (messages, acknowledged) => {
      acknowledged(messages.length - 1, 10);
      throw new Error("the last one is refused");
    });
    for (let n = 0; n < 5; n++) await made.add(message(n));
    expect(made.waiting).toBe(5);
    await expect(made.flush()).rejects.toThrow(/the last one is refused/);
    expect([made.messages, made.bytes, made.waiting]).toEqual([4, 10, 0]);
  });

  it("sends when values and all that comes with them are enough", async () => {
    const { made, parts } = await sender();
    const headers = { schema: Buffer.alloc(25_000) };
    for (let n = 0; n < 800; n++) await made.add(message(n, headers)); // 20 MB, of which the values are 0.8
    const sent = () => parts.reduce((sum, part) => sum + part, 0);
    expect(sent()).toBe(2 * Math.floor(8_000_000 / 26_112));
    await made.flush();
    expect([sent(), made.messages, made.bytes]).toEqual([800, 800, 800_000]);
  });

  it("refuses a message that Kafka does not take here", async () => {
    const { made } = await sender();
    await expect(made.add({ key: null, value: Buffer.alloc(10_000_001) })).rejects.toMatchObject({ code: "USAGE" });
  });
});
