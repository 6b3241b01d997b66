import type { Compiler } from "./compiler/types";

const name = "([\\p{ID_Continue}$.]+)";
const asked = new RegExp(`^\\s*(?:\\?{1,2}\\s*${name}|${name}\\s*\\?{1,2})\\s*$`, "u");

/** The name that a cell asks about, as in IPython: `name?`, `name??`, `?name`; undefined for any other cell. */
export function nameAsked(code: string): string | undefined {
  const [, before, after] = asked.exec(code) ?? [];
  return before ?? after;
}

/** What is known of a name, for the front end's pager. */
export async function pageOf(compiler: Compiler, name: string): Promise<object> {
  const found = await compiler.inspect(name, name.length).catch(() => undefined);
  const plain = found?.plain ?? `nothing is known of ${name}`;
  return { source: "page", start: 0, data: { "text/plain": plain, "text/markdown": found?.markdown ?? plain } };
}
