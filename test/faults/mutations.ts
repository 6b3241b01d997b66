/** Numbers below n, the same in every run (linear congruence, Knuth's MMIX reduced to 32 bits). */
export function randomBelow(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
}

/** Ways to damage a message; `other` is a good one to take parts from. */
export const mutations: Record<string, (bytes: Buffer, other: Buffer, below: (n: number) => number) => Buffer> = {
  "bits flipped": (bytes, _, below) => {
    const flipped = Buffer.from(bytes);
    for (let i = 0; i < 3; i++) flipped[below(flipped.length)]! ^= 1 << below(8);
    return flipped;
  },
  "cut short": (bytes, _, below) => bytes.subarray(0, below(bytes.length)),
  "spliced with another": (bytes, other, below) =>
    Buffer.concat([bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length))]),
  "a wrong id in front": (bytes, _, below) =>
    Buffer.concat([Buffer.from([0, 0, 0, below(256), below(256)]), bytes.subarray(below(bytes.length))]),
  "no alert at all": (_, __, below) => Buffer.from(Array.from({ length: below(200) }, () => below(256))),
};
