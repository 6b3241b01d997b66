import { expectArgument } from "../expect";
import type { Comparison } from "../select/compare";
import { type Figure, grouped } from "./figure";
import { plotGrid } from "./grid";
import { plotStampWall, type WallSource } from "./stamp-wall";

/** Alerts of each side; a cell of a grid has room for a hundred axes. */
const mostEach = 12;

/**
 * The cutouts of what one of two cuts chose and the other did not, side by side: what is lost and what is won by a change.
 *
 * @param comparison what `compare` returns
 * @param options `limit`: alerts of each side, up to 12; default 6
 * @example
 * show(plot.comparison(await cut.compare(before, after, night)));
 */
export function plotComparison<A extends WallSource>(
  comparison: Comparison<A>,
  options: { limit?: number; title?: string } = {},
): Figure {
  expectArgument(
    "objects",
    comparison?.onlyFirst,
    "what compare returns",
    "write await cut.compare(first, second, alerts)",
  );
  const { both, onlyFirst, onlySecond, neither, names, total } = comparison;
  const limit = Math.max(1, Math.min(options.limit ?? 6, mostEach));
  const sides = [onlyFirst, onlySecond].map((alerts, i) =>
    plotStampWall(alerts, { limit, columns: 1, title: `only ${names[i]}: ${grouped(alerts.length)}` }),
  );
  const rows = Math.max(1, ...[onlyFirst, onlySecond].map((alerts) => Math.min(alerts.length, limit)));
  return plotGrid(sides, {
    columns: 2,
    rowHeight: 40 + 130 * rows,
    title: options.title ?? `${names[0]} against ${names[1]}`,
    caption: `Of ${grouped(total)} alerts both chose ${grouped(both.length)}, neither ${grouped(neither)}.`,
  });
}
