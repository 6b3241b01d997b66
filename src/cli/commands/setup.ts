import * as engine from "../../engine";
import { say } from "../../terminal";
import { command } from "../command";
import { flag } from "../option";
import { interruptSignal } from "../run";

export default command("setup", {
  summary: "install what npm does not: the Python environment with JupyterLab, and the Kafka jars",
  section: "On this machine",
  options: {
    test: flag("--test", "also install the Python packages of the tests"),
    python: flag("--no-python", "leave out the Python environment"),
    kafka: flag("--no-kafka", "leave out the Kafka jars"),
  },
  examples: ["alerts setup", "alerts setup --no-kafka"],
  async run(options) {
    const report = await engine.setup({
      ...options,
      signal: interruptSignal(),
      onProgress: (line) => say(line),
    });
    const what = report.installed.length > 0 ? `installed ${report.installed.join(", ")}` : "everything is there";
    say(`${what}: ${report.folder}`);
  },
});
