import * as engine from "../../engine";
import { USER_KERNEL_NAME } from "../../engine/lab/kernelspec";
import { say } from "../../terminal";
import { command, commands } from "../command";
import { flag } from "../option";

const install = command("install", {
  summary: `make it known to JupyterLab, VS Code, nbconvert and other front ends of this user, as ${USER_KERNEL_NAME}`,
  options: { remove: flag("--remove", "remove it again") },
  examples: ["alerts kernel install", "alerts kernel install --remove"],
  async run({ remove }) {
    const folder = remove ? engine.removeUserKernel() : engine.installUserKernel();
    say(`${remove ? "removed" : "installed"}: ${folder}`);
  },
});

export default commands(
  "kernel",
  {
    summary: "install the TypeScript kernel of the notebooks for other front ends",
    section: "Notebooks and your own work",
  },
  [install],
);
