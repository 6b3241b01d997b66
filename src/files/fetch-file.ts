import { createWriteStream, promises as fs } from "node:fs";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { BootcampError, isBootcampError } from "../errors";
import { connectionError, request } from "./http";
import { formatBytes } from "./limits";
import { accessError } from "./walk";

export interface FetchOptions {
  signal?: AbortSignal | undefined;
  idleSeconds?: number | undefined;
  /** Connections in a row that may bring nothing new before giving up; default 5. */
  attempts?: number;
  /** Wait before the second attempt, doubled each time, seconds; default 1. */
  retryWaitSeconds?: number;
  onBytes?: (received: number, total: number | null) => void;
  /** Called once the size is known, before anything is written; may throw. */
  onSize?: (remainingBytes: number) => void;
  /** Largest file taken, bytes; default without a bound. A part that grows beyond it is removed. */
  maxBytes?: number;
}

/**
 * Fetches a file into `part`, going on where an earlier attempt stopped (HTTP Range). A server that does not know
 * ranges starts again from the first byte. The part stays when the fetch fails or is interrupted; whether its bytes
 * are the right ones only a checksum can say, so the caller checks.
 *
 * @returns size of the finished part, and how many bytes of it had been there already
 * @throws BootcampError DOWNLOAD, ABORTED, FILE_ACCESS
 */
export async function fetchFile(
  url: string,
  part: string,
  options: FetchOptions = {},
): Promise<{ bytes: number; resumedAt: number }> {
  const attempts = options.attempts ?? 5;
  const resumedAt = await sizeOf(part);
  let idle = 0;
  for (;;) {
    const before = await sizeOf(part);
    try {
      await fetchOnce(url, part, before, options);
      const bytes = await sizeOf(part);
      return { bytes, resumedAt: Math.min(resumedAt, bytes) };
    } catch (error) {
      if (options.signal?.aborted) throw new BootcampError("ABORTED", "The download was stopped on request");
      if (!(error instanceof Passing)) throw error;
      idle = (await sizeOf(part)) > before ? 1 : idle + 1;
      if (idle >= attempts) throw error.reason;
      await pause((options.retryWaitSeconds ?? 1) * 1000 * 2 ** (idle - 1), undefined, {
        signal: options.signal,
      }).catch(() => undefined);
    }
  }
}

/** A failure after which it is worth trying again. */
class Passing extends Error {
  constructor(readonly reason: BootcampError) {
    super(reason.message);
  }
}

/** Ends when the part is whole. */
async function fetchOnce(url: string, part: string, have: number, options: FetchOptions): Promise<void> {
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const answer = await request(url, { ...options, headers }).catch((error) => {
    throw isPassing(error) ? new Passing(error as BootcampError) : error;
  });
  const { status, body } = answer;
  const length = Number(answer.headers["content-length"] ?? Number.NaN);
  if (status === 416) {
    body.destroy();
    if (answer.headers["content-range"] === `bytes */${have}`) return;
    await fs.rm(part, { force: true });
    throw new Passing(refused(url, status));
  }
  if (status !== 200 && status !== 206) {
    body.destroy();
    const error = refused(url, status);
    throw status >= 500 || status === 429 ? new Passing(error) : error;
  }
  const start = status === 206 ? Number(/^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1]) : 0;
  if (status === 206 && start !== have) {
    body.destroy();
    await fs.rm(part, { force: true });
    throw new Passing(connectionError(url, new Error(`the server sent another range than bytes ${have} and up`)));
  }
  const total = Number.isNaN(length) ? null : start + length;
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  try {
    if (total !== null && total > maxBytes) throw tooLarge(url, maxBytes, formatBytes(total));
    if (total !== null) options.onSize?.(length);
  } catch (error) {
    body.destroy();
    throw error;
  }
  await receive(answer.body, url, part, start, total, options);
  if ((await sizeOf(part)) > maxBytes) {
    await fs.rm(part, { force: true });
    throw tooLarge(url, maxBytes, "more");
  }
  const got = await sizeOf(part);
  if (total !== null && got < total)
    throw new Passing(connectionError(url, new Error(`only ${formatBytes(got)} of ${formatBytes(total)} came`)));
}

/** A broken line or a time-out may pass; an unknown host or a closed port is said at once. */
function isPassing(error: unknown): boolean {
  if (!isBootcampError(error, "DOWNLOAD") || error.cause === undefined) return false;
  return !["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"].includes(String((error.cause as NodeJS.ErrnoException).code));
}

async function receive(
  body: Readable,
  url: string,
  part: string,
  start: number,
  total: number | null,
  options: FetchOptions,
): Promise<void> {
  const file = createWriteStream(part, { flags: start > 0 ? "a" : "w" });
  let received = start;
  options.onBytes?.(received, total);
  body.on("data", (piece: Buffer) => {
    received += piece.length;
    if (received > (options.maxBytes ?? Number.POSITIVE_INFINITY)) body.destroy(); // what has come is above the bound
    options.onBytes?.(received, total);
  });
  body.on("error", () => undefined); // an abort reports twice; `finished` listens to the first only
  body.pipe(file, { end: false });
  file.once("error", (error) => body.destroy(error));
  // Not `pipeline`: when the line breaks it drops what has come and is not yet on disk, which is what resuming lives on.
  const broken = await finished(body).then(
    () => null,
    (error: unknown) => error,
  );
  file.end();
  await finished(file).catch((error: unknown) => {
    throw accessError(part, error);
  });
  const isTooLarge = received > (options.maxBytes ?? Number.POSITIVE_INFINITY);
  if (broken && !isTooLarge) throw new Passing(connectionError(url, broken));
}

function tooLarge(url: string, maxBytes: number, got: string): BootcampError {
  return new BootcampError("DOWNLOAD", `${url}: Expected a file of at most ${formatBytes(maxBytes)}, got ${got}`, {
    where: url,
    remedy: "Try again later: the archive may be being rewritten. If it stays so, ask those who run it.",
  });
}

function refused(url: string, status: number): BootcampError {
  if (status === 404)
    return new BootcampError("DOWNLOAD", `${url}: Expected a file, the server has none of that name (404)`, {
      where: url,
      remedy: "alerts download --list shows the nights there are.",
    });
  return new BootcampError("DOWNLOAD", `${url}: Expected status 200 or 206, got ${status}`, {
    where: url,
    remedy: "Try again later.",
  });
}

const sizeOf = (path: string): Promise<number> =>
  fs.stat(path).then(
    (info) => info.size,
    () => 0,
  );
