import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { needs, python } from "../helpers/data";
import { kernelFolder } from "./kernel-spec";

/** The Jupyter project's own tests, with every optional part. */
const suite = `
import jupyter_kernel_test as jkt

class AlertKernelTests(jkt.KernelTests):
    kernel_name = "alert-test"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    completion_samples = [
        {"text": "conso", "matches": {"console"}},
        {"text": "Math.asin", "matches": {"asin", "asinh"}},
        {"text": "const a = 1; Number.isSaf", "matches": {"isSafeInteger"}},
    ]
    complete_code_samples = ["1", "await fetch('x')", "function f(x: number) {\\n  return x * 2\\n}", "for await (const a of b) {}"]
    incomplete_code_samples = ["function f(", "const x =", "\`open", "/* open", "[1, 2,", "if (true) {\\n"]
    invalid_code_samples = ["import = 7q", "const const = 1;", "}{"]
    code_page_something = "Math.sin?"
    code_generate_error = 'throw new Error("wanted")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'text'", "result": "'text'"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>1</b>' }) })", "mime": "text/html", "result": "<b>1</b>"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>1</b>')", "mime": "text/html"},
        {"code": "import { display } from 'tslab'; display.png(new Uint8Array([1, 2, 3]))", "mime": "image/png"},
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "console.clear()"

class AlertIopubWelcomeTests(jkt.IopubWelcomeTests):
    kernel_name = "alert-test"
    support_iopub_welcome = True
`;

describe.skipIf(needs.python())("the kernel", () => {
  const kernel = kernelFolder("alert-test");
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  afterAll(() => {
    kernel.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("passes jupyter_kernel_test whole: nothing fails, nothing is skipped", () => {
    writeFileSync(join(folder, "test_alert_kernel.py"), suite);
    const run = spawnSync(python, ["-m", "unittest", "-v", "test_alert_kernel"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, JUPYTER_PATH: kernel.folder },
    });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/Ran 13 tests/);
    expect(run.stderr).not.toMatch(/skipped/);
  });
});
