import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs, root } from "../helpers/data";
import { runPython } from "../helpers/python";
import { publicValues } from "../helpers/surface";
import { kernelFolder } from "./kernel-spec";

/** Jupyter's own client: imports the library in a cell, then asks what may follow each of the texts. */
const script = `
import json, os, subprocess, sys
os.environ["JUPYTER_PATH"] = sys.argv[1]
from jupyter_client.manager import KernelManager
texts = json.load(sys.stdin)
manager = KernelManager(kernel_name="alert-completion")
manager.start_kernel(cwd=${JSON.stringify(`${root}/notebooks`)}, stdout=subprocess.DEVNULL)
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=60)
    client.execute_interactive('import { cut, kafka, plot, subscribe } from "alert-bootcamp";', timeout=60)
    print(json.dumps({text: client.complete(text, reply=True, timeout=60)["content"]["matches"] for text in texts}))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;

const members = (room: string) =>
  [...publicValues().keys()].flatMap((name) => (name.startsWith(`${room}.`) ? name.slice(room.length + 1) : [])).sort();

describe.skipIf(needs.python())("completion in a cell", () => {
  const kernel = kernelFolder("alert-completion");
  afterAll(() => kernel.remove());
  let matches: Record<string, string[]>;
  beforeAll(() => {
    const texts = ["plot.", "cut.", "kafka.", "plot.li", 'subscribe("t").'];
    matches = JSON.parse(runPython(script, [kernel.folder], JSON.stringify(texts)));
  });

  it("lists what a room holds, and nothing else", () => {
    expect(members("plot")).toContain("lightCurve");
    for (const room of ["plot", "kafka"]) expect(matches[`${room}.`]).toEqual(members(room));
    expect(matches["plot.li"]).toEqual(["lightCurve", "live"]);
  });

  it("lists of cut what it holds, without what every function has", () => {
    expect(matches["cut."]).toEqual(members("cut"));
    expect(matches["cut."]).toContain("all");
  });

  it("offers the verbs of a stream on a subscription that is not awaited", () => {
    expect(matches['subscribe("t").']).toEqual(expect.arrayContaining(["filter", "map", "take", "toArray", "ledger"]));
  });
});
