import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort, LOOPBACK, PortChoice } from "./ports";

it("gives no port twice, however often the system offers it again", async () => {
  const ports = new PortChoice();
  // among 28,000 ports the system offers some again within so many
  const given: number[] = [];
  for (let at = 0; at < 2000; at++) given.push(await ports.any());
  expect(new Set(given).size).toBe(given.length);
});

it("claims a port once, and none that somebody listens on", async () => {
  const ports = new PortChoice();
  const free = await freePort();
  expect([await ports.claim(free), await ports.claim(free)]).toEqual([true, false]);
  const server = createServer();
  await new Promise<void>((done) => server.listen({ host: LOOPBACK, port: 0 }, done));
  const { port } = server.address() as { port: number };
  expect(await ports.claim(port)).toBe(false);
  await new Promise((done) => server.close(done));
});
