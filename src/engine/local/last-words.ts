import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { BrokerState } from "../../broker/engine-state";
import { lastLines } from "../process/programs";

/** So much of a log is looked at: one that ended says why at its end. */
const READ_BYTES = 256 * 1024;

/** File of what the JVM of a broker itself says, such as that it ran out of memory. */
export const outputOf = (broker: BrokerState): string => broker.log.replace(/\.log$/, ".out");

/** Why a broker ended: the lines of its log that say so, else its last ones; empty when it said nothing. */
export function lastWords(broker: BrokerState): string {
  return reasonIn(`${endOf(broker.log)}\n${endOf(outputOf(broker))}`);
}

/** The lines of what a program of Kafka said that name a failure, not the stack below it; else its last lines. */
export function reasonIn(text: string): string {
  const telling = tellingLines(text);
  return lastLines(telling.length > 0 ? telling.slice(0, 6).join("\n") : text, 6);
}

/** The last line of a broker's log that speaks of a failure; undefined for one that was killed, which says nothing. */
export function lastFailure(broker: BrokerState): string | undefined {
  return tellingLines(`${endOf(broker.log)}\n${endOf(outputOf(broker))}`)
    .at(-1)
    ?.trim();
}

const tellingLines = (text: string): string[] =>
  text.split("\n").filter((line) => /\b(ERROR|FATAL)\b|Exception|OutOfMemoryError|Caused by/.test(line));

function endOf(file: string): string {
  let open: number | undefined;
  try {
    open = openSync(file, "r");
    const { size } = fstatSync(open);
    const bytes = Buffer.alloc(Math.min(size, READ_BYTES));
    readSync(open, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8");
  } catch {
    return ""; // it had not come so far
  } finally {
    if (open !== undefined) closeSync(open);
  }
}
