import { bandStyle, groupColors, groupSymbols, sortBands } from "./bands";
import { GREY, grouped, plain } from "./figure";

/** Groups named one by one. */
const mostGroups = 12;

/** Rows that share a value, and how they are drawn. */
export interface LookGroup<T> {
  /** With the number of rows; harmless in Plotly. */
  readonly name: string;
  readonly color: string;
  readonly symbol: string;
  readonly members: readonly T[];
}

/**
 * Groups with a colour and a symbol each: bands in their own, by wavelength; others the largest first, from the thirteenth on as
 * "other".
 */
export function lookGroups<T>(rows: readonly T[], of: (row: T) => unknown, isBand: boolean): LookGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const value = of(row);
    const name = value === null || value === undefined || value === "" || Number.isNaN(value) ? "none" : String(value);
    const members = groups.get(name);
    if (members) members.push(row);
    else groups.set(name, [row]);
  }
  const label = (name: string, members: readonly T[]) => `${plain(name)} (${grouped(members.length)})`;
  if (isBand) {
    return sortBands(groups.keys()).map((name) => {
      const members = groups.get(name)!;
      return { ...bandStyle(name), name: label(name, members), members };
    });
  }
  const sorted = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const named = sorted.slice(0, mostGroups).map(([name, members], i) => ({
    name: label(name, members),
    color: groupColors[i % groupColors.length]!,
    symbol: groupSymbols[i % groupSymbols.length]!,
    members,
  }));
  const rest = sorted.slice(mostGroups).flatMap(([, members]) => members);
  return rest.length === 0
    ? named
    : [...named, { name: label("other", rest), color: GREY, symbol: "x", members: rest }];
}
