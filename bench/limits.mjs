// What this machine allows at all: bytes copied in memory, by one core, and bytes sent over the loopback to another process.
//   node bench/limits.mjs [options of report.mjs]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { openBench } from "./report.mjs";

const { options, report, finish } = openBench();
const sent = 2e9;

/** GB/s from one buffer to another, each far larger than the caches. */
function copyRate() {
  const [from, to] = [Buffer.alloc(256e6, 1), Buffer.alloc(256e6, 2)];
  const start = performance.now();
  for (let n = 0; n < 4; n++) from.copy(to);
  return (4 * from.length) / 1e6 / (performance.now() - start);
}

/** Of one connection, to a process that reads and drops. */
async function loopbackRate() {
  const reader = `require("node:net").connect(Number(process.argv[1]), "127.0.0.1").on("data", () => {});`;
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const child = spawn(process.execPath, ["-e", reader, server.address().port], { stdio: "inherit" });
  const [socket] = await once(server, "connection");
  const block = Buffer.alloc(1e6);
  const start = performance.now();
  for (let n = 0; n < sent / block.length; n++) if (!socket.write(block)) await once(socket, "drain");
  socket.end();
  await once(socket, "close"); // the reader has had everything and closed its end
  const seconds = (performance.now() - start) / 1000;
  server.close();
  if (child.exitCode === null) await once(child, "exit");
  return sent / 1e9 / seconds;
}

const rates = { copy: [], loopback: [] };
for (let n = 0; n < options.runs; n++) {
  rates.copy.push(copyRate());
  rates.loopback.push(await loopbackRate());
}
report("memory copied, one core", rates.copy, { unit: " GB/s" });
report("loopback, one connection, Node to Node", rates.loopback, { unit: " GB/s" });
report(
  "… in 72 kB alerts",
  rates.loopback.map((rate) => (rate * 1e9) / 72e3),
  { unit: "/s" },
);
finish("copies count once what is read and written");
