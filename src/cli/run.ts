import type { Command } from "commander";
import { alignedText } from "../cell-text";
import { BootcampError, messageOf } from "../errors";
import { flushed, printable, say } from "../terminal";

/** Of the command that runs. */
let interrupt: AbortSignal | undefined;

/** Signal that fires on the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  interrupt = controller.signal;
  return interrupt;
}

/** Ends the process with the code of the error, its text on stderr, and a stack only with `--verbose`. */
export function fail(error: unknown, verbose = false): never {
  const known = error instanceof BootcampError;
  say(`alerts: ${messageOf(error)}`);
  if (verbose && error instanceof Error) say(String(error.stack));
  else if (!known) say("  → run again with --verbose to see where this happened");
  process.exit(known ? error.exitCode : 1);
}

/**
 * Wraps the work of a command: prints errors without a stack and sets the exit code.
 * The work returns its exit code, or nothing for 0.
 */
export function action<A extends unknown[]>(work: (...args: A) => Promise<unknown>) {
  return async (...args: A): Promise<void> => {
    const command = args[args.length - 1] as Command;
    interrupt = undefined;
    try {
      const code = await work(...args);
      if (typeof code === "number" && code !== 0) process.exitCode = code;
    } catch (error) {
      fail(error, command.optsWithGlobals?.()["verbose"] === true);
    }
    // read anew: the signal may have been made by the work
    if (!(interrupt as AbortSignal | undefined)?.aborted) return;
    // a question to a broker that stays silent would keep an interrupted command for seconds more
    await flushed();
    process.exit(process.exitCode);
  };
}

/** Rows as an aligned text table: one header line, numbers to the right. */
export function table(rows: readonly Record<string, unknown>[], columns = Object.keys(rows[0] ?? {})): string {
  const cells = rows.map((row) => columns.map((c) => printable(String(row[c] ?? ""))));
  const isNumber = columns.map((c) => rows.every((row) => /^(number|bigint)$/.test(typeof row[c])));
  return alignedText([columns, ...cells], isNumber);
}
