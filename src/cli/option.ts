import { existsSync, statSync } from "node:fs";
import { Option } from "commander";
import { refuse, usageError } from "../errors";

/** An option as a command declares it, once: what commander shows and parses, and the type of its value. */
export type Declared<T = unknown> = Option & {
  /** Only for the compiler; nothing is there. */
  readonly valueType: T;
  /** A second option that turns it off. */
  readonly off?: Option;
};

/** The options of a command, each under the name that its value has: `setAside` for `--set-aside`. */
export type Declarations = Readonly<Record<string, Declared>>;

/** The values of declared options. */
export type Values<D extends Declarations> = { readonly [K in keyof D]: D[K]["valueType"] };

/** An option without a value; `--no-x` is true unless it is given. */
export const flag = (flags: string, help: string): Declared<boolean | undefined> =>
  new Option(flags, help) as Declared<boolean | undefined>;

/** A kind of option with a value: undefined when it is not given, unless there is a fallback. */
function valued<T>(parse: (text: string, option: string) => T) {
  function declare(flags: string, help: string): Declared<T | undefined>;
  function declare(flags: string, help: string, fallback: T): Declared<T>;
  function declare(flags: string, help: string, fallback?: T): Declared<T | undefined> {
    const option = new Option(flags, help).default(fallback);
    return option.argParser((text) => parse(text, option.long!)) as Declared<T | undefined>;
  }
  return declare;
}

export const text = valued((value) => value);

/** @throws USAGE for what is no finite number */
export const number = valued(numberAfter);

/** Of things that are counted: a whole number from 1. */
export const count = valued((value, option) => wholeNumber(value, option, 1, Number.MAX_SAFE_INTEGER));

/** The number of something whose first is 0. */
export const index = valued((value, option) => wholeNumber(value, option, 0, Number.MAX_SAFE_INTEGER));

/** An offset in Kafka; a negative one is counted back from the end. */
export const offset = valued((value, option) => {
  if (!/^-?\d{1,18}$/.test(value)) throw usageError(`a whole number after ${option}, such as 1234 or -10`, value);
  return BigInt(value);
});

/** A port to listen on; 0 stands for any free one. */
export const port = valued((value, option) => wholeNumber(value, option, 0, 65_535));

/** Any other value, with a parser of its own. */
export const parsed = <T>(flags: string, help: string, parse: (text: string) => T): Declared<T | undefined> =>
  valued(parse)(flags, help);

/** A folder for files that are written: made when it is not there. */
export const folder = valued((path, option) => {
  if (path === "") throw usageError(`a folder after ${option}`, path);
  if (existsSync(path) && !statSync(path).isDirectory()) throw refuse(`a folder after ${option}`, `the file ${path}`);
  return path;
});

/** One of a few words. */
export function choice<const C extends string>(
  flags: string,
  help: string,
  choices: readonly C[],
): Declared<C | undefined>;
export function choice<const C extends string>(
  flags: string,
  help: string,
  choices: readonly C[],
  fallback: NoInfer<C>,
): Declared<C>;
export function choice(flags: string, help: string, choices: readonly string[], fallback?: string): Declared {
  const option = new Option(flags, help).default(fallback).choices(choices);
  const words = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  return option.argParser((word) => {
    if (!choices.includes(word)) throw usageError(`${option.long} ${words}`, word);
    return word;
  }) as Declared;
}

/** The same option, which `--no-…` turns off: its value is then false. */
export const orOff = <T>(option: Declared<T>, flags: string, help: string): Declared<T | false> =>
  Object.assign(option, { off: new Option(flags, help) });

/** An option that may be given several times. */
export const repeated = (flags: string, help: string): Declared<string[] | undefined> =>
  new Option(flags, help).argParser<string[]>((value, before) => [...(before ?? []), value]) as Declared<
    string[] | undefined
  >;

/** A value of an option whose place among others counts. */
export interface Placed {
  readonly place: number;
  readonly value: string;
}

let places = 0;

/** An option that may be given several times, where its place among others counts. */
export const placed = (flags: string, help: string): Declared<readonly Placed[] | undefined> =>
  new Option(flags, help).argParser<Placed[]>((value, before) => [
    ...(before ?? []),
    { place: places++, value },
  ]) as Declared<readonly Placed[] | undefined>;

/**
 * An option that is called otherwise now; it is not in the help, and says its new name.
 * @param means what the old name stands for in the commands that keep it
 */
export const renamed = (flags: string, name: string, means: string): Declared<undefined> =>
  new Option(flags).hideHelp().argParser((value) => {
    const old = flags.replace(/ .*/, "");
    throw usageError(name, `${old} ${value}`, `${old} is ${means}; here it is ${name} ${value}`);
  }) as Declared<undefined>;

/** An option for programs of this project, which the help does not show. */
export const hidden = (flags: string): Declared<string | undefined> =>
  new Option(flags).hideHelp() as Declared<string | undefined>;

/** Options that stand under a heading of their own in the help. */
export function under<D extends Declarations>(heading: string, options: D): D {
  for (const option of Object.values(options)) option.helpGroup(`${heading}:`);
  return options;
}

function numberAfter(value: string, option: string): number {
  const found = Number(value);
  if (value.trim() === "" || !Number.isFinite(found)) throw usageError(`a number after ${option}`, value);
  return found;
}

function wholeNumber(value: string, option: string, least: number, most: number): number {
  const found = numberAfter(value, option);
  if (Number.isSafeInteger(found) && found >= least && found <= most) return found;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw usageError(`a whole number ${range} after ${option}`, value);
}
