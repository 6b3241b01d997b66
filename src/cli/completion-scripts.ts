import type { CompletedOption, Node } from "./completion";

/** Shells that completion is written for. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The script that completes `alerts` in a shell. */
export const completionScript = (shell: Shell, nodes: readonly Node[]): string => ({ bash, zsh, fish })[shell](nodes);

const namesOf = (options: readonly CompletedOption[]): string[] => options.flatMap(({ names }) => names);
/** For single quotes of a shell: words and summaries are ours, and still may hold one. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The words before the cursor lead to a command: the longest known path of them, options left out. */
function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, parts, options, takesFiles }) => {
    const values = options
      .filter(({ value }) => value !== "none")
      .map((option) => `${option.names.join("|")}) ${bashValue(option)};;`);
    const words = parts.map(({ name }) => name).join(" ");
    return `    ${quoted(path)})
      case "$prev" in ${values.join(" ")} esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quoted(namesOf(options).join(" "))} -- "$cur"))
      ${words ? `else COMPREPLY=($(compgen -W ${quoted(words)} -- "$cur"))` : takesFiles ? `else compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))` : "else COMPREPLY=()"}
      fi;;`;
  });
  return `# completion of alerts for bash; put this in ~/.bashrc: eval "$(alerts completion bash)"
_alerts() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path= word IFS=$' \\t\\n'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in ${nodes
      .slice(1)
      .map(({ path }) => quoted(path))
      .join("|")}) path="\${path:+$path }$word";; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
}
complete -F _alerts alerts
`;
}

function bashValue({ value }: CompletedOption): string {
  if (value === "file") return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return`;
  if (Array.isArray(value)) return `COMPREPLY=($(compgen -W ${quoted(value.join(" "))} -- "$cur")); return`;
  return "COMPREPLY=(); return";
}

function zsh(nodes: readonly Node[]): string {
  const described = (name: string, summary: string) => quoted(`${name}:${summary.replaceAll(":", "\\:")}`);
  const cases = nodes.map(({ path, parts, options, takesFiles }) => {
    const values = options
      .filter(({ value }) => value !== "none")
      .map(({ names, value }) => {
        const answer =
          value === "file" ? "_files" : Array.isArray(value) ? `compadd -- ${value.join(" ")}` : "_message value";
        return `${names.join("|")}) ${answer}; return;;`;
      });
    const flags = options.flatMap(({ names, summary }) => names.map((name) => described(name, summary)));
    const words = parts.map(({ name, summary }) => described(name, summary));
    const rest =
      words.length > 0
        ? `items=(${words.join(" ")}); _describe command items`
        : takesFiles
          ? "_files"
          : "_message argument";
    return `    ${quoted(path)})
      case "$words[CURRENT-1]" in ${values.join(" ")} esac
      if [[ $words[CURRENT] == -* ]]; then items=(${flags.join(" ")}); _describe option items; else ${rest}; fi;;`;
  });
  return `#compdef alerts
# completion of alerts for zsh; put this in ~/.zshrc after compinit: eval "$(alerts completion zsh)"
_alerts() {
  local cmd= word
  local -a items
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${cmd:+$cmd }$word" in (${nodes
      .slice(1)
      .map(({ path }) => quoted(path))
      .join("|")}) cmd="\${cmd:+$cmd }$word";; esac
  done
  case "$cmd" in
${cases.join("\n")}
  esac
}
compdef _alerts alerts
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, parts, options, takesFiles }) => {
    const when = `-n ${quoted(`test (__alerts_path) = ${path === "" ? "''" : `'${path}'`}`)}`;
    const words = parts.map(({ name, summary }) => `complete -c alerts ${when} -a ${name} -d ${quoted(summary)}`);
    const flags = options.map(({ names, summary, value }) => {
      const flag = names
        .map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
        .join(" ");
      const follows =
        value === "none"
          ? ""
          : value === "file"
            ? " -r -F"
            : Array.isArray(value)
              ? ` -x -a ${quoted(value.join(" "))}`
              : " -x";
      return `complete -c alerts ${when} ${flag}${follows} -d ${quoted(summary)}`;
    });
    return [...words, ...flags, ...(takesFiles ? [`complete -c alerts ${when} -F`] : [])];
  });
  return `# completion of alerts for fish; save it: alerts completion fish > ~/.config/fish/completions/alerts.fish
function __alerts_path
    set -l path
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" ${nodes
          .slice(1)
          .map(({ path }) => quoted(` ${path}`))
          .join(" ")}
            set path "$path $word"
        end
    end
    string trim -- "$path"
end
complete -c alerts -f
${lines.join("\n")}
`;
}
