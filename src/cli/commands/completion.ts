import { usageError } from "../../errors";
import { printText } from "../../terminal";
import { command } from "../command";
import { nodesOf } from "../completion";
import { completionScript, shells } from "../completion-scripts";
import { wholeProgram } from "../program";

export default command("completion <shell>", {
  summary: "print a script that completes commands, options and files on Tab",
  section: "Notebooks and your own work",
  arguments: { shell: "bash, zsh or fish" },
  notes: `The script completes the command "alerts", so that has to be on PATH; "npx alerts" is not completed. For zsh, load it after
compinit in ~/.zshrc.`,
  examples: [
    `eval "$(alerts completion bash)"   in ~/.bashrc`,
    `eval "$(alerts completion zsh)"    in ~/.zshrc`,
    "alerts completion fish > ~/.config/fish/completions/alerts.fish",
  ],
  async run(shell) {
    const known = shells.find((name) => name === shell);
    if (!known) throw usageError("a shell: bash, zsh or fish", shell);
    printText(completionScript(known, nodesOf(wholeProgram())).trimEnd());
  },
});
