import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { python, root } from "../helpers/data";
import { kernelFolder } from "./kernel-spec";

/** A cell, and what the front end does while it runs. */
export interface Step {
  readonly code: string;
  /** Interrupted when the cell has printed this. */
  readonly interruptAt?: string;
  /** How: by the message of the protocol (default) or by SIGINT. */
  readonly by?: "message" | "signal";
  /** Answers to requests for input; without any, the front end says that it cannot ask. */
  readonly answers?: readonly string[];
  /** Further cells, sent at once and not waited for. */
  readonly queued?: readonly string[];
  /** Asked of the kernel while the cell runs: kernel_info must be answered. */
  readonly infoAt?: string;
  readonly stopOnError?: boolean;
  readonly silent?: boolean;
  /** Values to be computed after the cell. */
  readonly expressions?: Readonly<Record<string, string>>;
}

export interface Output {
  readonly type: string;
  readonly content: any;
  /** The cell it belongs to: 0 for this one, 1 for the one before. */
  readonly back: number;
}

export interface Outcome {
  readonly outputs: readonly Output[];
  readonly reply: any;
  /** Replies to the queued cells. */
  readonly queued: readonly any[];
  /** From the interrupt to the reply. */
  readonly stoppedSeconds: number | null;
  readonly infoSeconds: number | null;
}

const script = `
import json, os, signal, subprocess, sys, time
from jupyter_client.manager import KernelManager
steps = json.load(sys.stdin)
manager = KernelManager(kernel_name="alert-test")
# Node makes a pipe it is given non-blocking, and with it this end
manager.start_kernel(cwd=sys.argv[1], stdout=subprocess.DEVNULL)
client = manager.client()
client.start_channels()
outcomes, sent = [], []
try:
    client.wait_for_ready(timeout=60)
    for step in steps:
        answers = list(step.get("answers", []))
        options = dict(allow_stdin="answers" in step, stop_on_error=step.get("stopOnError", True), silent=step.get("silent", False), user_expressions=step.get("expressions", {}))
        wanted = client.execute(step["code"], **options)
        queued = [client.execute(code) for code in step.get("queued", [])]
        sent.append(wanted)
        outputs, seen, stopped, infoSeconds = [], "", None, None
        mark, infoMark = step.get("interruptAt"), step.get("infoAt")
        while True:
            if answers and client.stdin_channel.msg_ready():
                asked = client.get_stdin_msg(timeout=1)
                outputs.append(dict(type="input_request", content=asked["content"], back=0))
                client.input(answers.pop(0))
            try: message = client.get_iopub_msg(timeout=0.05 if answers else 60)
            except Exception:
                if answers: continue
                raise
            parent, kind, content = message["parent_header"].get("msg_id"), message["msg_type"], message["content"]
            if parent == wanted and kind == "status" and content["execution_state"] == "idle": break
            if kind != "status" and kind != "iopub_welcome" and parent in sent:
                outputs.append(dict(type=kind, content=content, back=len(sent) - 1 - sent.index(parent)))
                if kind == "stream": seen += content["text"]
            if mark and mark in seen:
                mark, stopped = None, time.monotonic()
                if step.get("by") == "signal": manager.provisioner.process.send_signal(signal.SIGINT)
                else: client.control_channel.send(client.session.msg("interrupt_request", {}))
            if infoMark and infoMark in seen:
                infoMark, asked = None, time.monotonic()
                client.kernel_info()
                while client.get_shell_msg(timeout=60)["msg_type"] != "kernel_info_reply": pass
                infoSeconds = time.monotonic() - asked
        end = time.monotonic()
        replies = {}
        while not {wanted, *queued} <= replies.keys():
            message = client.get_shell_msg(timeout=60)
            replies[message["parent_header"]["msg_id"]] = message["content"]
        outcomes.append(dict(outputs=outputs, reply=replies[wanted], queued=[replies[one] for one in queued],
            stoppedSeconds=None if stopped is None else end - stopped, infoSeconds=infoSeconds))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
json.dump(outcomes, sys.stdout)
`;

/** Runs cells in one kernel, by Jupyter's own client, and tells what came of each. */
export async function runSession(steps: readonly Step[], cwd = join(root, "notebooks"), env = {}): Promise<Outcome[]> {
  const kernel = kernelFolder("alert-test");
  try {
    const run = promisify(execFile)(python, ["-c", script, cwd], {
      env: { ...process.env, JUPYTER_PATH: kernel.folder, ...env },
      maxBuffer: 1 << 28,
    });
    run.child.stdin!.end(JSON.stringify(steps));
    return JSON.parse((await run).stdout);
  } finally {
    kernel.remove();
  }
}

/** All text that a cell printed on a stream. */
export const printed = ({ outputs }: Outcome, name = "stdout"): string =>
  outputs.flatMap(({ type, content }) => (type === "stream" && content.name === name ? [content.text] : [])).join("");

/** Data of the value that the cell showed. */
export const result = ({ outputs }: Outcome): any =>
  outputs.find(({ type }) => type === "execute_result")?.content.data;

/** The cell's error message. */
export const errorOf = ({ outputs }: Outcome): any => outputs.find(({ type }) => type === "error")?.content;
