import { randomBytes } from "node:crypto";
import type { MimeBundle } from "../display";
import { usageError } from "../errors";
import type { Figure } from "./figure";
import { cellWriter } from "./kernel";
import { mimeBundle, stillBundle } from "./show";
import type { AlertTable } from "./table";

/** Options of {@link live}. */
export interface LiveOptions {
  /** Shortest time between two updates, ms; default 250. */
  everyMs?: number;
}

/** A plot that changes in place. */
export interface LivePlot {
  /** Shows this one from now on; what comes faster than `everyMs` is left out, except the last. */
  update(content: Figure | AlertTable): void;
  /** Shows this one, or else the last, at once as an interactive figure. */
  flush(content?: Figure | AlertTable): void;
  /** How many times the cell was written to, the first included. */
  readonly updates: number;
}

/** Quiet time after which the still picture of a live plot is exchanged for the interactive figure. */
const SETTLE_MS = 800;

/**
 * Draws a figure that is then replaced in place, in the cell it was started in. Outside of a notebook it does nothing,
 * so that the same code runs as a script.
 *
 * While it changes it is a still picture, because Plotly's renderer in JupyterLab draws a cell once and leaves updates
 * out; when nothing has come for 0.8 s, and on `flush()`, it becomes the interactive figure.
 *
 * @throws USAGE when it is neither a figure nor a table
 * @example
 * const picture = plot.live(plot.rate([]));
 * for await (const alert of subscribe("ztf-stream")) picture.update(plot.rate(rows));
 */
export function live(content: Figure | AlertTable, options: LiveOptions = {}): LivePlot {
  const { everyMs = 250 } = options;
  const write = cellWriter();
  const id = randomBytes(8).toString("hex");
  let latest = content;
  let isWaiting = false;
  let isSettled = false;
  let updates = 0;
  let lastMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const send = (bundle: MimeBundle, settled: boolean): void => {
    write?.(bundle, id, updates > 0);
    updates++;
    lastMs = performance.now();
    isWaiting = false;
    isSettled = settled;
  };
  const settle = (): void => {
    clearTimeout(timer);
    if (!write) return;
    // One interactive figure after another would leave the first one standing.
    if (isWaiting && isSettled) send(stillBundle(latest), false);
    if (!isSettled) send(mimeBundle(latest), true);
  };
  const frame = (): void => {
    send(stillBundle(latest), false);
    clearTimeout(timer);
    timer = setTimeout(settle, Math.max(SETTLE_MS, everyMs));
  };
  stillBundle(content);
  if (write) frame();
  return {
    get updates() {
      return updates;
    },
    flush(last) {
      if (last) {
        latest = last;
        isWaiting = true;
      }
      settle();
    },
    update(next) {
      latest = next;
      if (!write) return;
      const leftMs = lastMs + everyMs - performance.now();
      if (leftMs <= 0) return frame();
      if (isWaiting) return;
      isWaiting = true;
      clearTimeout(timer);
      timer = setTimeout(frame, leftMs);
    },
  };
}

/** Something that takes alerts in and can be drawn at any time. */
export interface LiveModel<A> {
  add(alert: A): void;
  figure(): Figure | AlertTable;
}

/**
 * Passes alerts through unchanged while a plot of what has come so far changes in place: at most every 250 ms, and once
 * more at the end, also when the loop is left early.
 *
 * @param source any stream of alerts
 * @param draw a model such as {@link arrivals}, or a function of all alerts so far (which are then kept in memory)
 * @example
 * for await (const alert of watch(subscribe("ztf-stream"), plot.arrivals())) console.log(alert.objectId);
 */
export async function* watch<A>(
  source: AsyncIterable<A> | Iterable<A>,
  // not LiveModel<A>: what the loop gets is the source's type, and not what the model would take
  draw: LiveModel<any> | ((alerts: readonly A[]) => Figure | AlertTable),
  options: LiveOptions = {},
): AsyncGenerator<A, void, undefined> {
  const { everyMs = 250 } = options;
  const model = typeof draw === "function" ? collector(draw) : draw;
  if (typeof model?.add !== "function") throw usageError("a model { add, figure } or a function of the alerts", draw);
  const plot = live(model.figure(), { everyMs });
  let lastMs = performance.now();
  try {
    for await (const alert of source) {
      model.add(alert);
      if (performance.now() - lastMs >= everyMs) {
        plot.update(model.figure());
        lastMs = performance.now();
        // A source that is all in memory never lets the kernel's socket write otherwise.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      yield alert;
    }
  } finally {
    plot.flush(model.figure());
  }
}

function collector<A>(figureOf: (alerts: readonly A[]) => Figure | AlertTable): LiveModel<A> {
  const alerts: A[] = [];
  return { add: (alert) => void alerts.push(alert), figure: () => figureOf(alerts) };
}
