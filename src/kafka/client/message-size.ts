import type { OutgoingHeaders } from "./record-batch-writer";

/** Offset, lengths, timestamp of a record and its share of the batch; what an object takes in memory is more. */
const envelopeBytes = 100;

/** The headers of a message; none where they are damaged. */
export function headersOf(message: { readonly headers?: OutgoingHeaders | undefined }): OutgoingHeaders {
  try {
    return message.headers ?? {};
  } catch {
    return {};
  }
}

/** About what a message takes on the wire and at least in memory: Fink sends 25 kB of schema as the key of each alert. */
export function sizeOf(message: {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: OutgoingHeaders | undefined;
}): number {
  let bytes = envelopeBytes + (message.key?.length ?? 0) + (message.value?.length ?? 0);
  for (const [name, value] of Object.entries(headersOf(message))) {
    bytes += name.length;
    for (const one of Array.isArray(value) ? value : [value]) bytes += one?.length ?? 0;
  }
  return bytes;
}
