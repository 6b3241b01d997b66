import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KernelSpec } from "../../src/engine/lab/kernelspec";
import { python, root } from "../helpers/data";
import { kernelFolder } from "../kernel/kernel-spec";
import { stopPractice } from "./stop-practice";

export interface Cell {
  readonly id: string;
  readonly kind: "code" | "markdown";
  readonly source: string;
}

/** What a code cell printed and drew. */
export interface RunCell extends Cell {
  /** Text of its streams and of its value. */
  readonly text: string;
  readonly error: string | null;
  /** MIME types of each display message. */
  readonly displays: readonly (readonly string[])[];
}

export interface RunOptions {
  /** Takes the place of a cell's source, by cell id. */
  readonly replace?: ReadonlyMap<string, string>;
  /** Read instead of `ztf-stream` or `lsst-stream`. */
  readonly topic?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: ours. */
  readonly kernel?: KernelSpec;
}

/** Path of a notebook of the course. */
export const notebookPath = (name: string): string => join(root, "notebooks", `${name}.ipynb`);

export function readCells(name: string): Cell[] {
  const { cells } = JSON.parse(readFileSync(notebookPath(name), "utf8"));
  return cells.map((cell: { id: string; cell_type: Cell["kind"]; source: string[] }) => ({
    id: cell.id,
    kind: cell.cell_type,
    source: cell.source.join(""),
  }));
}

/** Every cell is run, also after a failing one, as a learner would go on; the kernel runs in the notebook's own folder. */
const script = `
import json, os, sys, nbformat
from nbclient import NotebookClient
folder, place, path = sys.argv[1:4]
os.environ["JUPYTER_PATH"] = folder
notebook = nbformat.read(path, 4)
client = NotebookClient(notebook, timeout=120, kernel_name="tslab", allow_errors=True, resources={"metadata": {"path": place}})
client.execute()
cells = []
for cell in notebook.cells:
    outputs = cell.get("outputs", [])
    cells.append(dict(
        id=cell.id, kind=cell.cell_type, source=cell.source,
        text="".join(o.text if o.output_type == "stream" else o.get("data", {}).get("text/plain", "") + "\\n" for o in outputs if o.output_type in ("stream", "execute_result")),
        error=next(("\\n".join(o.traceback) for o in outputs if o.output_type == "error"), None),
        displays=[sorted(o.data) for o in outputs if o.output_type in ("display_data", "execute_result")]))
json.dump(cells, sys.stdout)
`;

/**
 * Runs a notebook of the course in a real kernel and returns its code cells with what they showed. The file itself stays
 * as it is.
 */
export async function runNotebook(name: string, options: RunOptions = {}): Promise<RunCell[]> {
  const { folder, remove } = kernelFolder("tslab", options.kernel);
  try {
    const notebook = JSON.parse(readFileSync(notebookPath(name), "utf8"));
    for (const cell of notebook.cells) {
      const source = options.replace?.get(cell.id) ?? cell.source.join("");
      const topic = JSON.stringify(options.topic ?? "ztf-stream");
      const quick = source.replace("secondsPerVisit: 4 ", "secondsPerVisit: 0.2 "); // the night that Part 2 watches
      cell.source = cell.cell_type === "code" ? quick.replace(/"(ztf|lsst)-stream"/g, () => topic) : source;
    }
    const copy = join(folder, `${name}.ipynb`);
    writeFileSync(copy, JSON.stringify(notebook));
    const env = { ...process.env, BOOTCAMP_HOME: folder, ...options.env };
    const { stdout } = await promisify(execFile)(python, ["-c", script, folder, join(root, "notebooks"), copy], {
      env,
      maxBuffer: 1 << 28,
    });
    return (JSON.parse(stdout) as RunCell[]).filter((cell) => cell.kind === "code");
  } finally {
    await stopPractice(folder);
    remove();
  }
}
