import { type Schema, Type } from "avsc";
import { BootcampError } from "../errors";
import type { AvscType } from "./avsc-type";
import { longType } from "./long-type";
import type { SchemaJson } from "./repair";
import "./proto-field";
import { isWidthless, maxWidthlessItems } from "./width";

/** The cursor avsc reads with. Not in its typings; avsc is pinned, and the tests over real packets guard it. */
interface Tap {
  buf: Buffer;
  pos: number;
  /** Items of no width read so far; ours. */
  widthless?: number;
  readLong(): number;
  skipLong(): void;
  writeLong(value: number): void;
  readString(): string;
  skipString(): void;
}
type Read = (tap: Tap) => unknown;
interface Internals {
  _read: Read;
  _skip: (tap: Tap) => void;
  createResolver(writer: Type, options?: unknown): unknown;
}

const corrupt = (expected: string, got: string) =>
  new BootcampError("AVRO_CORRUPT", `Expected ${expected}, got ${got}: the bytes do not fit the schema`);

/**
 * Builds the avsc type of a repaired schema, with three changes to what avsc does by itself:
 * longs are bigint; a union gives the bare value even when two branches are alike (as fastavro does);
 * arrays and maps check their claimed length against the bytes that are left, so that a forged count of 2^40
 * costs nothing.
 *
 * @throws SCHEMA_INVALID when avsc refuses the schema
 */
export function buildType(schema: SchemaJson): Type {
  const building = new Set<unknown>();
  const typeHook = (part: any, options: any): Type | undefined => {
    if (Array.isArray(part)) return plainUnion(part.map((branch) => Type.forSchema(branch, options)));
    const kind = part?.type;
    if (
      kind === "enum" &&
      !building.has(part) &&
      part.symbols?.some?.((symbol: string) => symbol in Object.prototype)
    ) {
      return inheritedSymbols(part, options);
    }
    if ((kind !== "array" && kind !== "map") || building.has(part)) return undefined;
    building.add(part);
    const type = Type.forSchema(part, options);
    return kind === "array" ? boundedArray(type) : boundedMap(type);
  };
  try {
    return Type.forSchema(schema as Schema, { registry: { long: longType }, typeHook } as never);
  } catch (error) {
    throw new BootcampError("SCHEMA_INVALID", `Expected a readable Avro schema, got: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Reads itself without a detour when reader and writer are the same type; the frozen original stays as it is. */
function derive(base: Type, methods: Readonly<Record<string, unknown>>): Type {
  const type = Object.create(base) as Type & Internals;
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(type, name, { value });
  Object.defineProperty(type, "createResolver", {
    value(writer: Type, options: unknown) {
      if (writer !== type) return (base as Type & Internals).createResolver.call(type, writer, options);
      return { _read: (tap: Tap) => type._read(tap), _readerType: type };
    },
  });
  return type;
}

/**
 * A resolver reads a branch as the first one that it converts to: text as bytes, a long as a double without its last digits,
 * an int as a long. Such unions are read branch by branch.
 */
function readsAsAnother(kinds: readonly string[]): boolean {
  const at = (kind: string) => kinds.findIndex((each) => each === kind || each === `abstract:${kind}`);
  const isBefore = (a: string, b: string) => at(a) >= 0 && at(b) > at(a);
  const isText = kinds.includes("string") && kinds.includes("bytes");
  return isText || isBefore("float", "long") || isBefore("double", "long") || isBefore("long", "int");
}

function plainUnion(branches: Type[]): Type {
  const kinds = branches.map(({ typeName }) => typeName);
  if (!readsAsAnother(kinds)) {
    try {
      return Type.forSchema(branches as unknown as Schema, { wrapUnions: "never" } as never);
    } catch {
      // two branches alike, such as int and long: read them all the same, at a third of the speed
    }
  }
  const readers = branches as unknown as Internals[];
  const branch = (tap: Tap): Internals => {
    const index = tap.readLong();
    const type = readers[index];
    if (!type) throw corrupt(`a union branch below ${readers.length}`, String(index));
    return type;
  };
  return derive(Type.forSchema(branches as unknown as Schema, { wrapUnions: true }), {
    _read: (tap: Tap) => branch(tap)._read(tap),
    _skip: (tap: Tap) => branch(tap)._skip(tap),
  });
}

/** An enumeration with symbols such as `constructor`, which avsc finds in its plain object of symbols before they are put there. */
function inheritedSymbols(part: { symbols: string[] }, options: { registry: Record<string, Type> }): Type {
  const base = Type.forSchema(
    { ...part, symbols: part.symbols.map((_, i) => `symbol${i}`) } as never,
    options as never,
  );
  const symbols: readonly string[] = Object.freeze([...part.symbols]);
  const indexOf = (value: unknown): number => symbols.indexOf(value as string);
  const type = derive(base, {
    _read(tap: Tap) {
      const index = tap.readLong();
      const symbol = symbols[index];
      if (symbol === undefined) throw corrupt(`a symbol's number below ${symbols.length}`, String(index));
      return symbol;
    },
    _write: (tap: Tap, value: unknown) => tap.writeLong(indexOf(value)),
    isValid: (value: unknown) => indexOf(value) >= 0,
    symbols,
  });
  options.registry[base.name!] = type; // what names it gets it
  return type;
}

/** @param isEmpty the items take no bytes: then they are counted over all lists of the record */
function blockSize(tap: Tap, isEmpty: boolean): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (isEmpty) {
    tap.widthless = (tap.widthless ?? 0) + count;
    if (tap.widthless > maxWidthlessItems) {
      throw corrupt(`at most ${maxWidthlessItems} items without bytes in a record`, String(tap.widthless));
    }
    return count;
  }
  const left = tap.buf.length - tap.pos;
  if (count > left) throw corrupt(`at most ${Math.max(left, 0)} items in the bytes left`, String(count));
  return count;
}

function checkEnd(tap: Tap): void {
  if (tap.pos > tap.buf.length || tap.pos < 0) {
    throw new BootcampError("AVRO_TRUNCATED", `Expected more bytes: the record ends after ${tap.buf.length} bytes`);
  }
}

function boundedArray(base: AvscType): Type {
  const items = base.itemsType as AvscType & Internals;
  let known: boolean | undefined; // asked when first read: a recursive type is not complete before
  const isEmpty = () => (known ??= isWidthless(items));
  return derive(base, {
    _read(tap: Tap) {
      const out: unknown[] = [];
      for (let n = blockSize(tap, isEmpty()); n; n = blockSize(tap, isEmpty())) {
        for (; n; n--) {
          out.push(items._read(tap));
          checkEnd(tap);
        }
      }
      return out;
    },
    _skip(tap: Tap) {
      for (let n = blockSize(tap, isEmpty()); n; n = blockSize(tap, isEmpty())) {
        for (; n; n--) {
          items._skip(tap);
          checkEnd(tap);
        }
      }
    },
  });
}

function boundedMap(base: AvscType): Type {
  const values = base.valuesType as AvscType & Internals;
  return derive(base, {
    _read(tap: Tap) {
      const out: Record<string, unknown> = Object.create(null);
      for (let n = blockSize(tap, false); n; n = blockSize(tap, false)) {
        for (; n; n--) {
          const key = tap.readString();
          out[key] = values._read(tap);
          checkEnd(tap);
        }
      }
      return out;
    },
    _skip(tap: Tap) {
      for (let n = blockSize(tap, false); n; n = blockSize(tap, false)) {
        for (; n; n--) {
          tap.skipString();
          values._skip(tap);
          checkEnd(tap);
        }
      }
    },
  });
}
