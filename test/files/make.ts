import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { afterAll, beforeAll } from "vitest";

/** An entry of a tar: its bytes, or a header of its own with them. */
export type Part = readonly [name: string, bytes: Buffer | string, header?: Partial<Header>];

/** A tar archive as bytes. Names go in as they are, hostile ones too. */
export async function tarOf(parts: readonly Part[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes, header] of parts) {
    if (header?.type && header.type !== "file") archive.entry({ name, ...header });
    else archive.entry({ name, ...header }, bytes);
  }
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive as unknown as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

export const tgzOf = async (parts: readonly Part[]): Promise<Buffer> => gzipSync(await tarOf(parts));

/** A folder of this test file's own, made when a test of it runs (not when all are skipped), removed afterwards. */
export function scratch(): string {
  const folder = join(tmpdir(), `alert-bootcamp-files-${randomUUID()}`);
  beforeAll(() => mkdirSync(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a promise is rejected with; fails when it is not. */
export async function errorOf(promise: Promise<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, got none");
}

/** Bytes that do not compress, the same in every run. */
export function noise(length: number): Buffer {
  let state = length;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}
