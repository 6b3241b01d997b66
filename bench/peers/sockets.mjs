// What Node itself can do, as a bound for ../kafka.mjs: a bare socket for each partition, the next request sent before the last
// answer is looked at, nothing checked (no checksum, error, compression or aborted transaction), the same cut on each alert. Takes
// a topic of four partitions whose batches are not compressed. Prints a line of JSON: the seconds of each of four passes.
//   node bench/peers/sockets.mjs HOST:PORT TOPIC COUNT
import { createRequire } from "node:module";
import { connect } from "node:net";

const { cut, decodeAlert } = createRequire(import.meta.url)("../../dist/index.js");
const [address, topic, count] = process.argv.slice(2);
const [host, port] = address.split(":");
const maxBytes = 4_000_000;
const batchHeaderBytes = 61;

/** Fetch version 4 (KIP-98) of one partition. */
function fetchRequest(partition, offset) {
  const name = Buffer.from(topic);
  const request = Buffer.alloc(61 + name.length);
  let at = request.writeInt32BE(request.length - 4);
  at = request.writeInt32BE((1 << 16) | 4, at); // Fetch, version 4
  at = request.writeInt32BE(0, at); // correlation id
  at = request.writeInt16BE(-1, at); // no client id
  for (const value of [-1, 500, 1, maxBytes]) at = request.writeInt32BE(value, at); // replica, longest wait, least and most bytes
  at = request.writeInt8(0, at); // uncommitted as well
  at = request.writeInt32BE(1, at);
  at = request.writeInt16BE(name.length, at);
  at += name.copy(request, at);
  at = request.writeInt32BE(1, at);
  at = request.writeInt32BE(partition, at);
  at = request.writeBigInt64BE(BigInt(offset), at);
  request.writeInt32BE(maxBytes, at);
  return request;
}

let cursor = 0;
function varint(bytes) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[cursor++];
    value |= (byte & 127) << shift;
    if (byte < 128) return (value >>> 1) ^ -(value & 1);
  }
}

let seen = 0;
let selected = 0;

function decideBatch(bytes, batch) {
  cursor = batch + batchHeaderBytes;
  for (let left = bytes.readInt32BE(batch + 57); left > 0; left--) {
    const length = varint(bytes);
    const next = cursor + length;
    cursor++; // attributes
    varint(bytes); // timestamp
    varint(bytes); // offset
    const keyLength = varint(bytes); // moves the cursor
    cursor += Math.max(0, keyLength);
    const size = varint(bytes);
    seen++;
    if (cut.ready["ztf-purity"](decodeAlert(bytes.subarray(cursor, cursor + size)))) selected++;
    cursor = next;
  }
}

/** Reads a partition to its end. */
function readPartition(partition) {
  return new Promise((resolve, reject) => {
    const head = Buffer.alloc(4);
    let [headLength, filled, answer] = [0, 0, undefined];

    const take = (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        if (!answer) {
          while (headLength < 4 && at < chunk.length) head[headLength++] = chunk[at++];
          if (headLength < 4) return;
          answer = Buffer.allocUnsafeSlow(head.readInt32BE());
          headLength = filled = 0;
        }
        const part = Math.min(chunk.length - at, answer.length - filled);
        chunk.copy(answer, filled, at, at + part);
        filled += part;
        at += part;
        if (filled < answer.length) return;
        const whole = answer;
        answer = undefined;
        decide(whole);
      }
    };

    function decide(bytes) {
      let at = 12; // correlation id, throttle, number of topics
      at += 2 + bytes.readInt16BE(at) + 10; // name, number of partitions, partition, error code
      const end = bytes.readBigInt64BE(at);
      at += 16;
      at += 4 + 16 * Math.max(0, bytes.readInt32BE(at)) + 4; // aborted transactions, length of the batches
      const batches = [];
      let next = end;
      for (let length; at + batchHeaderBytes <= bytes.length; at += length) {
        length = 12 + bytes.readInt32BE(at + 8);
        if (at + length > bytes.length) break;
        batches.push(at);
        next = bytes.readBigInt64BE(at) + BigInt(bytes.readInt32BE(at + 23)) + 1n;
      }
      if (next < end) socket.write(fetchRequest(partition, next));
      for (const batch of batches) decideBatch(bytes, batch);
      if (next < end) return;
      socket.destroy();
      resolve();
    }

    const onread = {
      buffer: Buffer.allocUnsafeSlow(1 << 20),
      callback: (length, buffer) => {
        take(buffer.subarray(0, length));
        return true;
      },
    };
    const socket = connect({ host, port: Number(port), noDelay: true, onread });
    socket.on("error", reject);
    socket.on("connect", () => socket.write(fetchRequest(partition, 0)));
  });
}

const passes = [];
for (let pass = 0; pass < 4; pass++) {
  seen = selected = 0;
  const started = performance.now();
  await Promise.all([0, 1, 2, 3].map(readPartition));
  if (seen !== Number(count)) throw new Error(`${seen} of ${count} were read`);
  passes.push((performance.now() - started) / 1000);
}
console.log(JSON.stringify({ passes, selected }));
