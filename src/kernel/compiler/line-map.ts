const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The line of the source for each generated line of a source map (version 3), both counted from 1; 0 where there is none.
 * Only the third number of each segment, the source line, is followed.
 */
export function lineMap(mappings: string): number[] {
  const lines = [0];
  let source = 0;
  for (const line of mappings.split(";")) {
    let first = 0;
    for (const segment of line.split(",")) {
      const numbers = decode(segment);
      if (numbers.length < 4) continue;
      source += numbers[2]!;
      first ||= source + 1;
    }
    lines.push(first);
  }
  return lines;
}

/** Base64 digits with a continuation bit, the sign in the lowest bit. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return numbers;
}
