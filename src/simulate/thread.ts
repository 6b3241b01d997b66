import { parentPort, workerData } from "node:worker_threads";
import { type SimulatedNight, type SimulateOptions, simulateNights } from "./night";
import { lengthOf } from "./survey-nights";
import type { Answer, Request } from "./threads";

// A thread that makes records of the nights of a sky, which it plans as they are asked for.
const options = workerData as SimulateOptions;
let nights: Iterator<SimulatedNight> | undefined;
let night: SimulatedNight | undefined;

function nightOf(wanted: number): SimulatedNight {
  if (night && night.night > wanted) nights = night = undefined;
  nights ??= simulateNights({ ...options, nights: 100 });
  while (night?.night !== wanted) night = nights.next().value as SimulatedNight;
  return night;
}

parentPort?.on("message", ({ night: wanted, from, to }: Request) => {
  const planned = nightOf(wanted);
  const records = Array.from({ length: to - from }, (_, i) => planned.record(from + i));
  const lengths = records.map(lengthOf);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let end = 0;
  for (const part of records.flat()) {
    bytes.set(part, end);
    end += part.length;
  }
  parentPort?.postMessage({ from, bytes, lengths } satisfies Answer, [bytes.buffer]);
});
