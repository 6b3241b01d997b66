/** Zigzag varints of record batches. Lengths and deltas stay below 2^52, so that plain numbers hold them. */

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

/** Bytes that `value` takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes `value` at `at` and gives the place behind it. */
export function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = zigzag(value);
  let next = at;
  for (; rest > 127; rest = Math.floor(rest / 128)) buffer[next++] = (rest % 128) | 128;
  buffer[next++] = rest;
  return next;
}
