import { usageError } from "../errors";
import type { Count } from "../match/count-by";
import { counted, type Figure, grouped, makeFigure, note, plain } from "./figure";

/** Options of {@link plotClasses}. */
export interface ClassesOptions {
  title?: string;
  /** Bars drawn; the classes beyond are added up as "other". Default 30. */
  maxClasses?: number;
}

/** A class and its number, as a pair or as `countBy` gives it. */
export type ClassTally = readonly [string, number] | Pick<Count, "value" | "count">;

function pairOf(entry: ClassTally): readonly [string, number] {
  expectPair(entry);
  return "value" in entry ? [entry.value, entry.count] : entry;
}

function expectPair(entry: unknown): void {
  if (typeof entry !== "object" || entry === null || !(Array.isArray(entry) || "value" in entry))
    throw usageError("a class and its number", entry);
}

/**
 * How many alerts fell into each class: bars on a logarithmic axis, largest first, each with its number.
 *
 * @param counts class → number, as an object, a Map, pairs, or what `countBy` returns; classes with 0 are left out and counted in the title
 * @example
 * show(plot.classes({ RRLyr: 51, Star: 26, Unknown: 384 }));
 */
export function plotClasses(
  counts: Readonly<Record<string, number>> | Iterable<ClassTally>,
  options: ClassesOptions = {},
): Figure {
  const { maxClasses = 30 } = options;
  if (typeof counts !== "object" || counts === null)
    throw usageError("numbers by class", counts, "as { name: number }");
  const pairs = Symbol.iterator in counts ? [...(counts as Iterable<ClassTally>)].map(pairOf) : Object.entries(counts);
  const found = pairs.filter(([, count]) => count > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  const bars = found.slice(0, maxClasses).map(([name, count]) => [plain(name), count] as const);
  const rest = found.slice(maxClasses);
  if (rest.length > 0) {
    bars.push([
      `other (${counted(rest.length, "class").replace("classs", "classes")})`,
      rest.reduce((sum, [, count]) => sum + count, 0),
    ]);
  }
  const empty = pairs.length - found.length;
  const highest = bars.reduce((most, [, count]) => Math.max(most, count), 1);
  const words = [
    `${counted(total, "alert")} in ${found.length} ${found.length === 1 ? "class" : "classes"}`,
    empty > 0 && `${empty} without any`,
  ];
  const data = [
    {
      type: "bar",
      name: "alerts",
      x: bars.map(([name]) => name),
      y: bars.map(([, count]) => count),
      text: bars.map(([, count]) => grouped(count)),
      textposition: "outside",
      cliponaxis: false,
      marker: { color: "#0072b2" },
      hovertemplate: "%{x}: %{y:,}<extra></extra>",
    },
  ];
  return makeFigure(data, {
    title: plain(options.title ?? "Classes"),
    subtitle: words.filter(Boolean).join(" · "),
    xTitle: "class",
    yTitle: "alerts (logarithmic)",
    xaxis: { type: "category", showgrid: false },
    // From 0.5, so that a class with one alert has a bar.
    yaxis: { type: "log", range: [Math.log10(0.5), Math.log10(highest * 2)], dtick: 1, exponentformat: "none" },
    // Many names are written upright.
    height: bars.length > 10 ? 540 : 420,
    more: {
      showlegend: false,
      uniformtext: { mode: "show", minsize: 9 },
      bargap: 0.3,
      ...(bars.length === 0 ? { annotations: [note("no class")] } : {}),
    },
  });
}
