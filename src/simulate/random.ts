import { cos, exp, ln, TWO_PI } from "./numeric";

/** Mixes one word into a running hash (the finaliser of MurmurHash3, public domain). */
function mix(hash: number, value: number): number {
  let h = (hash ^ value) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

/**
 * A stream of random numbers that depends on its seed alone: sfc32 (Chris Doty-Humphrey, PractRand, public domain).
 *
 * `fork("stars", 12)` gives an independent stream named by its keys, whatever has been drawn from the parent before.
 * So one alert of a night can be made without making those before it.
 *
 * @example
 * const random = new Random(7);
 * random.fork("alert", 12).uniform(); // always the same number
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(
    private readonly low: number,
    private readonly high = 0x9e3779b9,
  ) {
    this.a = mix(low, 0x2545f491);
    this.b = mix(high, low);
    this.c = mix(this.a, this.b);
    for (let i = 0; i < 12; i++) this.word();
  }

  /** An independent stream, named by its keys. */
  fork(...keys: (string | number)[]): Random {
    let low = this.low | 0;
    let high = this.high | 0;
    for (const key of keys) {
      const words = typeof key === "number" ? [key | 0, Math.floor(key / 4294967296) | 0] : [...key].map(codeOf);
      for (const value of words) {
        low = mix(low + 0x6d2b79f5, value);
        high = mix(high + Math.imul(low, 0x01000193), value ^ 0x5bd1e995);
      }
    }
    return new Random(low, high);
  }

  /** 32 random bits, unsigned. */
  word(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** From `low` to below `high`. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * ((this.word() + 0.5) / 4294967296);
  }

  /** Whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.uniform(0, count));
  }

  /** Normally distributed (Box and Muller 1958). */
  normal(mean = 0, sigma = 1): number {
    const radius = Math.sqrt(-2 * ln(this.uniform()));
    return mean + sigma * radius * cos(TWO_PI * this.uniform());
  }

  /** Log-normal with the given median and scatter in natural logarithms. */
  logNormal(median: number, scatter: number): number {
    return median * exp(this.normal(0, scatter));
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** How many events happen when `mean` are expected (Knuth; the cost grows with `mean`, 600 at most). */
  poisson(mean: number): number {
    const limit = exp(-Math.min(mean, 600));
    let count = 0;
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
    return count;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Index chosen with the given weights. */
  weighted(weights: readonly number[]): number {
    let rest = this.uniform(
      0,
      weights.reduce((a, b) => a + b, 0),
    );
    for (let i = 0; i < weights.length; i++) {
      rest -= weights[i]!;
      if (rest < 0) return i;
    }
    return weights.length - 1;
  }
}

const codeOf = (character: string): number => character.codePointAt(0)!;
