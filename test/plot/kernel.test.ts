import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs, root } from "../helpers/data";
import { runPython } from "../helpers/python";

interface Message {
  cell: number;
  type: string;
  mimes: string[];
  displayId: string | null;
  /** y of the first trace. */
  y: number[] | null;
  text: string;
}

/** Runs cells in the kernel and prints every message that reaches the front end, in order. */
const script = `
import json, os, sys
from jupyter_client.manager import KernelManager
cells = json.load(sys.stdin)
manager = KernelManager(kernel_name="tslab-test")
manager.start_kernel(cwd=sys.argv[1])
client = manager.client()
client.start_channels()
messages = []
try:
    client.wait_for_ready(timeout=60)
    for number, code in enumerate(cells):
        wanted = client.execute(code)
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != wanted: continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle": break
            data = content.get("data", {})
            figure = data.get("application/vnd.plotly.v1+json")
            messages.append(dict(cell=number, type=kind, mimes=sorted(data), displayId=content.get("transient", {}).get("display_id"),
                y=figure["data"][0]["y"] if figure else None, text=content.get("text") or data.get("text/plain", "") or " ".join(content.get("traceback", []))))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(messages))
`;

/** Cells use the compiled files of this folder alone, so that the test does not depend on an earlier build. */
const cells = (plot: string): string[] => [
  `const { show } = require("${plot}/show"); const { plotClasses } = require("${plot}/classes"); show(plotClasses({ Star: 3 }));`,
  `const { alertTable } = require("${plot}/table"); alertTable([{ objectId: 7n, mag: 16 }], ["objectId", "mag"])`,
  `const { watch } = require("${plot}/live"); const { arrivals } = require("${plot}/arrivals");
   async function* stream() { for (let i = 0; i < 8; i++) { await new Promise((r) => setTimeout(r, 40)); yield i; } }
   const model = arrivals({ timeMs: () => 0 });
   for await (const alert of watch(stream(), model, { everyMs: 30 })) if (alert === 7) console.log("last alert");
   await null;`,
  `plotClasses({ Star: 3 })`,
];

describe.skipIf(needs.python())("in a tslab kernel", () => {
  const folder = mkdtempSync(join(tmpdir(), "alert-kernel-"));
  let messages: Message[];
  beforeAll(() => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const built = join(folder, "built");
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    // Type errors elsewhere are the business of the build, so the exit code does not matter here.
    spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json"), "--outDir", built], { cwd: root });
    const spec = join(folder, "kernels/tslab-test");
    mkdirSync(spec, { recursive: true });
    const tslab = join(root, "node_modules/tslab/bin/tslab");
    const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
    writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv, display_name: "test", language: "typescript" }));
    const environment = `import os\nos.environ["JUPYTER_PATH"] = ${JSON.stringify(folder)}\n`;
    messages = JSON.parse(runPython(environment + script, [folder], JSON.stringify(cells(join(built, "plot")))));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shown = (cell: number) => messages.filter((message) => message.cell === cell && /display/.test(message.type));

  it("no cell fails", () => {
    expect(messages.filter((message) => message.type === "error")).toEqual([]);
  });

  it("show() is one message with the Plotly figure and its fallbacks", () => {
    expect(shown(0)).toEqual([
      {
        cell: 0,
        type: "display_data",
        mimes: ["application/vnd.plotly.v1+json", "text/html", "text/plain"],
        displayId: null,
        y: [3],
        text: "Figure: Classes – 3 alerts in 1 class",
      },
    ]);
  });

  it("a table that is the last value of a cell is drawn", () => {
    expect(shown(1).map((message) => message.mimes)).toEqual([["text/html", "text/plain"]]);
  });

  it("a live plot changes in place at least three times before the stream ends", () => {
    const cell = messages.filter((message) => message.cell === 2);
    const last = cell.findIndex((message) => message.text.includes("last alert"));
    const before = cell.slice(0, last).filter((message) => message.type === "update_display_data");
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(shown(2).map((message) => message.type)[0]).toBe("display_data");
    expect(new Set(shown(2).map((message) => message.displayId)).size).toBe(1);
    expect(shown(2).at(-1)).toMatchObject({ type: "update_display_data", y: [8] });
  });

  it("a figure that is the last value is one line that says how to draw it", () => {
    const text = messages.filter((message) => message.cell === 3).map((message) => message.text);
    expect(text.join("").trim()).toMatch(/^Figure "Classes": 1 trace; draw it with show\(figure\)$/);
  });
});
