/** What people type who come from IPython, Python, Deno or a browser, and what it is called in a cell. */
export interface Habit {
  /** What was seen, in one sentence. */
  readonly text: string;
  readonly remedy: string;
}

const run = (command: string): string =>
  /^(npm|npx|pip|pip3|conda|yarn|pnpm) (install|i|add)\b/.test(command)
    ? "npm install NAME in a terminal (File > New > Terminal), in the folder of the notebook"
    : `import { execSync } from "node:child_process"; console.log(execSync(${JSON.stringify(command)}, { encoding: "utf8" }))`;
const show = (form: string): string => `import { display } from "tslab"; display.${form}(\`…\`)`;
const clock = 'console.time("it"); …; console.timeEnd("it")';

/** By the name of IPython's magic. */
const magics: Readonly<Record<string, string>> = {
  time: clock,
  timeit: clock,
  html: show("html"),
  HTML: show("html"),
  svg: show("svg"),
  SVG: show("svg"),
  markdown: show("markdown"),
  latex: show("latex"),
  javascript: show("javascript"),
  js: show("javascript"),
  env: "process.env",
  cd: 'process.chdir("folder")',
  pwd: "process.cwd()",
  run: 'a module beside the notebook is imported: import { name } from "./file"',
  load: 'a module beside the notebook is imported: import { name } from "./file"',
  load_ext: 'import { name } from "package"',
  autoreload: "nothing: a module beside the notebook that has changed is read again by the cell that imports it",
  bash: run("ls"),
  sh: run("ls"),
  system: run("ls"),
  ls: run("ls"),
  pip: run("npm install"),
  conda: run("npm install"),
  matplotlib: "nothing: a plot is shown as the value of a cell",
};
const lines: readonly (readonly [RegExp, (found: string[]) => Habit])[] = [
  [
    /^%%?(\w+)/,
    ([magic, name = ""]) => ({
      text: `${magic} is a command of IPython, and cells are TypeScript.`,
      remedy: magics[name] ?? "leave the line out",
    }),
  ],
  [
    /^!\s*([a-z][\w./-]*(?: .*)?)$/,
    ([, command = ""]) => ({
      // one word may as well be a name
      text: `${/\s/.test(command) ? "" : `Cannot find name '${command}'. `}!${command} runs a command in IPython alone.`,
      remedy: run(command),
    }),
  ],
  [
    /^((?:npm|npx|pip3?|conda|yarn|pnpm|git|node|cd|ls|cat) [\w./@-].*)$/,
    ([, command = ""]) => ({ text: `${command} is for a terminal, and cells are TypeScript.`, remedy: run(command) }),
  ],
  [
    /^#!/,
    () => ({ text: "#! begins a program that is a file of its own.", remedy: "leave the line out: a cell needs none" }),
  ],
  [/^#/, () => ({ text: "# is no comment in TypeScript.", remedy: "a comment begins with //" })],
  [
    /^<(?!any|unknown|string|number|boolean|object)([a-z]\w*)[^<>]*>/,
    ([tag]) => ({ text: `${tag} is HTML, and cells are TypeScript.`, remedy: show("html").replace("…", `${tag}…`) }),
  ],
  [
    /^(?:async )?def (\w+)/,
    ([def, name]) => ({ text: `${def} is Python.`, remedy: `function ${name}(x: number) { return 2 * x }` }),
  ],
  [
    /^import ([\w.]+)(?: as (\w+))?$/,
    ([line, name, as = name]) => ({ text: `${line} is Python.`, remedy: `import * as ${as} from "${name}"` }),
  ],
  [
    /^from ([\w.]+) import ([\w, ]+)$/,
    ([line, from, names]) => ({ text: `${line} is Python.`, remedy: `import { ${names} } from "${from}"` }),
  ],
  [
    /^for (\w+) in ([^:]+):/,
    ([line, name, list]) => ({ text: `${line} is Python.`, remedy: `for (const ${name} of ${list}) { … }` }),
  ],
];

/** What a cell that is no TypeScript was meant as, by its first line. */
export function habitOf(code: string): Habit | undefined {
  const [line = ""] = code.trim().split("\n");
  for (const [pattern, habit] of lines) {
    const found = pattern.exec(line.trim());
    if (found) return habit(found);
  }
  return undefined;
}

const inNode = 'cells run in Node, not in the browser; import { display } from "tslab"; display.html(…) shows a page';
/** By the name that is not there. */
const names: Readonly<Record<string, string>> = {
  print: "console.log(…)",
  len: "x.length, or x.size of a Map or Set",
  str: "String(x)",
  range: "Array.from({ length: n }, (_, i) => i)",
  help: "a name followed by ?, or Shift-Tab on it",
  None: "null, or undefined",
  True: "true",
  False: "false",
  window: inNode,
  document: inNode,
};
export const remedyForName = (name: string): string | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined;

/** What to do about a module that is not found. */
export function remedyForModule(name: string): string {
  if (name.startsWith(".") || name.startsWith("/")) return "a module beside the notebook is named ./NAME";
  if (/^https?:/.test(name)) return "save the file beside the notebook and import ./NAME";
  const [, bare] = /^(?:npm|jsr):(@?[^@]+)/.exec(name) ?? [];
  if (bare !== undefined) return `npm install ${bare} in the folder of the notebook, then import … from "${bare}"`;
  return "look at the name; a package is installed by npm install NAME in the folder of the notebook";
}
