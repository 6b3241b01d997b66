import { createHash } from "node:crypto";
import { BootcampError } from "../../errors";

/** What Kafka answers where a group has committed nothing. */
const nothing = -1n;

/**
 * Whether a group has an offset in a partition. Kafka answers -1 where it has none. Any other negative offset stands for
 * the first message there is: kafkajs commits -2 when the offset it wants to read is no longer in the topic.
 */
export const hasOffset = (offset: bigint | undefined): offset is bigint => offset !== undefined && offset !== nothing;

/** Kafka's default for `offset.metadata.max.bytes`, in characters. */
const longestMetadata = 4096;
/** 48 bits of a filter's name: a thousand filters in one group collide once in 500 million groups. */
const keyLength = 8;

interface Entry {
  /** The next offset that the filter has to decide. */
  readonly next: bigint;
  /** It has been left behind there, and a job goes on without it until it is resumed. */
  readonly isLeft: boolean;
}

/** What became of a chunk of messages. */
export interface Step {
  /** All filters of the job. */
  readonly filters: readonly string[];
  /** Those that have decided the chunk, or have nothing to decide in it. */
  readonly done: readonly string[];
  /** The offset after the chunk. */
  readonly after: bigint;
  /** Those that are left behind at its first message. */
  readonly leaving?: readonly string[];
  readonly first: bigint;
}

/**
 * How far each filter of a group has come in one partition, as the metadata of the group's committed offset has it: every
 * filter goes on where it was, whichever others run with it and in whatever order.
 *
 * An offset without such metadata was set by somebody else, as by `alerts groups reset`, and is where every filter goes on.
 * A filter that the metadata does not know is new, and begins at the first message.
 *
 * Form of the metadata: `1`, then the marks of transactions, all parted by blanks; then for each offset at which filters are
 * `|`, the offset in base 36, `=` (or `~` for filters left behind there) and their keys of eight characters each.
 */
export class Progress {
  private constructor(
    /** The group's committed offset: the lowest of the filters that committed last. */
    readonly offset: bigint,
    /** Marks of the transactions that brought it there, newest first. */
    readonly marks: readonly string[],
    /** By the key of the filter; undefined when the offset was set by somebody else. */
    private readonly entries: ReadonlyMap<string, Entry> | undefined,
  ) {}

  static of(offset: bigint, metadata: string | null | undefined): Progress {
    const [head = "", ...groups] = (metadata ?? "").split("|");
    const [version, ...marks] = head.split(" ");
    if (version !== "1" || offset < 0n) return new Progress(offset, [], undefined);
    const entries = new Map<string, Entry>();
    for (const group of groups) {
      const [, digits, sign, keys] = /^([0-9a-z]+)([=~])((?:[\w-]{8})+)$/.exec(group) ?? [];
      if (digits === undefined || keys === undefined) return new Progress(offset, [], undefined);
      const entry = { next: fromBase36(digits), isLeft: sign === "~" };
      for (let at = 0; at < keys.length; at += keyLength) entries.set(keys.slice(at, at + keyLength), entry);
    }
    return new Progress(offset, marks, entries);
  }

  /** The next offset that the filter has to decide; -1 when it is new. */
  nextOf(filter: string): bigint {
    if (!this.entries) return this.offset;
    return this.entries.get(keyOf(filter))?.next ?? nothing;
  }

  isLeft(filter: string): boolean {
    return this.entries?.get(keyOf(filter))?.isLeft ?? false;
  }

  /** True for a filter that is added to a group which has come farther. */
  isNew(filter: string): boolean {
    return this.entries !== undefined && !this.entries.has(keyOf(filter));
  }

  /** Where a job of these filters goes on: the lowest of their offsets but of those left behind. */
  start(filters: readonly string[]): bigint {
    const offsets = filters.filter((filter) => !this.isLeft(filter)).map((filter) => this.nextOf(filter));
    return lowest(offsets) ?? this.offset;
  }

  /** The first offset after `offset` from which on further filters decide; undefined when all have by then. */
  boundary(filters: readonly string[], offset: bigint): bigint | undefined {
    return lowest(filters.map((filter) => this.nextOf(filter)).filter((next) => next > offset));
  }

  /** A filter that was left behind goes on. */
  resumed(filter: string): Progress {
    const entry = this.entries?.get(keyOf(filter));
    if (!entry) return this;
    return new Progress(this.offset, this.marks, new Map(this.entries).set(keyOf(filter), { ...entry, isLeft: false }));
  }

  /** After a step of the filters of a job; what others have decided stays as it is. */
  after({ filters, done, after, leaving = [], first }: Step): Progress {
    const entries = new Map(this.entries);
    if (!this.entries && hasOffset(this.offset)) {
      for (const filter of filters) entries.set(keyOf(filter), { next: this.offset, isLeft: false });
    }
    for (const filter of done) entries.set(keyOf(filter), { next: after, isLeft: false });
    for (const filter of leaving) entries.set(keyOf(filter), { next: first, isLeft: true });
    const moved = new Progress(after, this.marks, entries);
    return new Progress(moved.start(filters), this.marks, entries);
  }

  /**
   * What is committed along with the offset.
   *
   * @throws USAGE when it would be longer than Kafka takes
   */
  metadata(marks: readonly string[]): string {
    const groups = new Map<string, string>();
    for (const [key, { next, isLeft }] of this.entries ?? []) {
      const head = `${next.toString(36)}${isLeft ? "~" : "="}`;
      groups.set(head, (groups.get(head) ?? "") + key);
    }
    const text = [["1", ...marks].join(" "), ...[...groups].map(([head, keys]) => head + keys)].join("|");
    if (text.length <= longestMetadata) return text;
    throw new BootcampError(
      "USAGE",
      `Expected filters whose progress Kafka keeps in ${longestMetadata} characters of one group, got ${this.entries?.size}, ` +
        `which take ${text.length}`,
      { remedy: "give some of them a group of their own: --group NAME; each group keeps all that ever ran in it" },
    );
  }
}

function lowest(offsets: readonly bigint[]): bigint | undefined {
  let low = offsets[0];
  for (const one of offsets) if (low === undefined || one < low) low = one;
  return low;
}

const keys = new Map<string, string>();

function keyOf(filter: string): string {
  let key = keys.get(filter);
  if (key === undefined) {
    key = createHash("sha256").update(filter).digest("base64url").slice(0, keyLength);
    keys.set(filter, key);
  }
  return key;
}

const fromBase36 = (digits: string): bigint =>
  [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
