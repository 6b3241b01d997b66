import { createRequire } from "node:module";
import { runningCell } from "../cell";
import type { MimeBundle } from "../display";

/** Sends a bundle to the cell; with an id and `update`, the earlier one of that id is replaced in place. */
export type Writer = (bundle: MimeBundle, displayId?: string, update?: boolean) => void;

interface JupyterModule {
  readonly lastWriteDisplayData?:
    | ((message: { data: MimeBundle; metadata: object; transient: { display_id?: string } }, update: boolean) => void)
    | null;
}

const cache = createRequire(__filename).cache;

/**
 * The way to the cell that is running, or null outside of a notebook.
 *
 * In tslab's own kernel its public `display` sends one form per message, so its inner writer is used. It is looked up among the modules
 * that the kernel has loaded: requiring it would load a TypeScript compiler into every script, and find another copy
 * where tslab is installed globally. The writer belongs to one cell: keep it to go on writing there.
 */
export function cellWriter(): Writer | null {
  const cell = runningCell();
  if (cell) return (data, displayId, update) => cell.display(data, displayId, update);
  const name = Object.keys(cache).find((path) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path));
  const write = name === undefined ? null : (cache[name]?.exports as JupyterModule | undefined)?.lastWriteDisplayData;
  if (!write) return null;
  return (data, displayId, update = false) => {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    write({ data, metadata: {}, transient }, update);
  };
}
