import * as library from "../../src/index";

/** What the library exports, by the names that a cell writes: `subscribe`, `plot.sky`, `cut`, `cut.all` … */
export function publicValues(): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(library)) {
    const isRoom = typeof value === "object";
    if (!isRoom) values.set(name, value);
    if (isRoom || name === "cut")
      for (const [member, inner] of Object.entries(value)) values.set(`${name}.${member}`, inner);
  }
  return values;
}

/** The rooms of the library, `cut` among them, which is a function besides. */
export const rooms = Object.entries(library)
  .filter(([name, value]) => typeof value === "object" || name === "cut")
  .map(([name]) => name);
