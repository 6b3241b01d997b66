import type { Command } from "commander";
import * as engine from "../engine";
import { USER_KERNEL_NAME } from "../engine/lab/kernelspec";
import { say } from "../terminal";
import { action } from "./run";

/** `alerts kernel install [--remove]`: the notebook kernel for every Jupyter front end of this user. */
export function register(program: Command): void {
  const kernel = program.command("kernel").description("the TypeScript kernel of the notebooks");
  kernel
    .command("install")
    .description(
      `tell JupyterLab, VS Code, nbconvert and others of this user about it, by the name ${USER_KERNEL_NAME}`,
    )
    .option("--remove", "take it away again")
    .action(
      action(async ({ remove }: { remove?: boolean }) => {
        const folder = remove ? engine.removeUserKernel() : engine.installUserKernel();
        say(`${remove ? "removed" : "installed"}: ${folder}`);
      }),
    );
}
