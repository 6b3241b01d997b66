import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { needs, python, root } from "../helpers/data";
import { kernelFolder } from "./kernel-spec";

const cells = {
  register: `jupyter.registerCommTarget("doubler", (comm, { content, buffers }) => {
  console.log("opened with", content.data.n, [...buffers[0]!]);
  comm.onMsg = (message) => comm.send({ n: 2 * message.content.data.n }, { unit: "none" }, [new Uint8Array([1, 2])]);
  comm.onClose = () => console.log("closed by the front end");
});`,
  open: `const widget = jupyter.createComm("jupyter.widget", "mine");
const heard: unknown[] = [];
widget.onMsg = ({ content }) => heard.push(content.data);
widget.open({ state: { value: 1 } }, { version: "2.1.0" });
widget.send({ method: "update", state: { value: 2n } });`,
  close: "widget.close(); heard",
  late: "widget.send({})",
  end: "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
};

/** A front end that opens comms and answers them. */
const script = `
import json, subprocess, sys
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="alert-test")
manager.start_kernel(cwd=sys.argv[1], stdout=subprocess.DEVNULL)
client = manager.client()
client.start_channels()
cells, found = json.load(sys.stdin), {}

def heard(message):
    return dict(type=message["msg_type"], content=message["content"], metadata=message["metadata"], buffers=[list(bytes(one)) for one in message["buffers"]])

def until(enough):
    seen = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] in ("iopub_welcome", "execute_input"): continue
        if message["msg_type"] != "status": seen.append(heard(message))
        if enough(message): return seen

def run(name):
    wanted = client.execute(cells[name])
    found[name] = until(lambda one: one["parent_header"].get("msg_id") == wanted and one["content"].get("execution_state") == "idle")

def send(kind, content, buffers=None):
    message = client.session.msg(kind, content)
    client.session.send(client.shell_channel.socket, message, buffers=buffers)
    return message["header"]["msg_id"]

def info(name, target=None):
    client.comm_info(target)
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["msg_type"] == "comm_info_reply": break
    found[name] = reply["content"]["comms"]

try:
    client.wait_for_ready(timeout=60)
    send("comm_open", dict(comm_id="nobody", target_name="unknown", data={}))
    found["unknown"] = until(lambda one: one["msg_type"] == "comm_close")
    run("register")
    send("comm_open", dict(comm_id="theirs", target_name="doubler", data=dict(n=1)), [b"\\x07"])
    found["opened"] = until(lambda one: one["msg_type"] == "stream")
    info("during")
    send("comm_msg", dict(comm_id="theirs", data=dict(n=21)))
    found["answer"] = until(lambda one: one["msg_type"] == "comm_msg")
    run("open")
    info("both")
    info("widgets", "jupyter.widget")
    send("comm_msg", dict(comm_id="mine", data=dict(method="custom")))
    run("close")
    send("comm_close", dict(comm_id="theirs", data={}))
    found["closed"] = until(lambda one: one["msg_type"] == "stream")
    run("late")
    info("after")
    run("register")
    send("comm_open", dict(comm_id="lost", target_name="doubler", data=dict(n=2)), [b"\\x07"])
    until(lambda one: one["msg_type"] == "stream")
    run("end")
    info("fresh")
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
json.dump(found, sys.stdout)
`;

describe.skipIf(needs.python())("comms of cells", () => {
  let found: Record<string, any>;
  beforeAll(() => {
    const kernel = kernelFolder("alert-test");
    try {
      const env = { ...process.env, JUPYTER_PATH: kernel.folder };
      const options = { env, input: JSON.stringify(cells), encoding: "utf8", maxBuffer: 1 << 26 } as const;
      found = JSON.parse(execFileSync(python, ["-c", script, join(root, "notebooks")], options));
    } finally {
      kernel.remove();
    }
  });

  it("answer a front end by the name a cell has registered; another name is told that it is closed", () => {
    expect(found["unknown"]).toMatchObject([{ type: "comm_close", content: { comm_id: "nobody" } }]);
    expect(found["opened"]).toMatchObject([{ content: { text: "opened with 1 [ 7 ]\n" } }]);
    expect(found["answer"]).toMatchObject([
      {
        type: "comm_msg",
        content: { comm_id: "theirs", data: { n: 42 } },
        metadata: { unit: "none" },
        buffers: [[1, 2]],
      },
    ]);
    expect(found["closed"]).toMatchObject([{ content: { text: "closed by the front end\n" } }]);
  });

  it("are opened by cells, as widgets are, and hear what the front end sends", () => {
    expect(found["open"]).toMatchObject([
      {
        type: "comm_open",
        content: { comm_id: "mine", target_name: "jupyter.widget", data: { state: { value: 1 } } },
        metadata: { version: "2.1.0" },
      },
      { type: "comm_msg", content: { comm_id: "mine", data: { method: "update", state: { value: "2" } } } },
    ]);
    expect(found["close"]).toMatchObject([
      { type: "comm_close", content: { comm_id: "mine" } },
      { type: "execute_result", content: { data: { "text/plain": "[ { method: 'custom' } ]" } } },
    ]);
    expect(found["late"]).toMatchObject([{ type: "error", content: { evalue: expect.stringMatching(/was closed/) } }]);
  });

  it("are listed while they are open, all or those of a name", () => {
    const mine = { mine: { target_name: "jupyter.widget" } };
    expect(found["during"]).toEqual({ theirs: { target_name: "doubler" } });
    expect(found["both"]).toEqual({ theirs: { target_name: "doubler" }, ...mine });
    expect(found["widgets"]).toEqual(mine);
    expect(found["after"]).toEqual({});
  });

  it("end with the process of the cells", () => {
    expect(found["end"]).toContainEqual(
      expect.objectContaining({ type: "comm_close", content: { comm_id: "lost", data: {} } }),
    );
    expect(found["fresh"]).toEqual({});
  });
});
