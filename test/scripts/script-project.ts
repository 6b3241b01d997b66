import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "../helpers/data";

export interface Call {
  args: string[];
  bootstrap?: string;
}

/** Writes down what it is asked for; a download goes on until it is interrupted, if the test wants that. */
const command = `
const { appendFileSync } = require("node:fs");
const call = { args: process.argv.slice(2), bootstrap: process.env.KAFKA_BOOTSTRAP };
appendFileSync(__dirname + "/../../calls", JSON.stringify(call) + "\\n");
if (process.env.LONG_DOWNLOAD && call.args[0] === "download") {
  process.on("SIGINT", () => process.exit(1));
  setInterval(() => {}, 1000);
  console.log("downloading");
}
`;

/** Docker with a Kafka that is healthy at once. */
const docker = `#!/bin/sh
echo "$PWD: $*" >> "$(dirname "$0")/../docker-calls"
case "$*" in
  version*) echo 28.0 ;;
  *"ps -q kafka") echo abc ;;
  *Health*) echo healthy ;;
  *Running*) echo true ;;
esac
`;

/** The real scripts in a project of their own, where nothing has to be installed or built, with commands that only write down. */
export class ScriptProject {
  readonly #outer = mkdtempSync(join(tmpdir(), "bootcamp-scripts-"));
  readonly folder = join(this.#outer, "the project");
  readonly env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${join(this.folder, "bin")}${delimiter}${process.env["PATH"]}`,
    KAFKA_BOOTSTRAP: undefined,
    COMPOSE_PROJECT_NAME: undefined,
  };

  constructor() {
    for (const each of ["src", "dist/cli", "node_modules", "docker", "bin"]) {
      mkdirSync(join(this.folder, each), { recursive: true });
    }
    const scripts = readdirSync(root).filter((name) => name.endsWith(".sh"));
    for (const file of [...scripts, "docker/prepare.sh", "docker-compose.yml"]) {
      copyFileSync(join(root, file), join(this.folder, file));
    }
    for (const file of ["package-lock.json", "node_modules/.package-lock.json"]) this.write(file, '{"packages":{}}');
    this.write("dist/index.js", "");
    this.write("dist/cli/main.js", command);
    this.write("bin/docker", docker);
    chmodSync(join(this.folder, "bin/docker"), 0o755);
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** A further folder beside the project. */
  beside(name: string): string {
    mkdirSync(join(this.#outer, name), { recursive: true });
    return join(this.#outer, name);
  }

  /** What `alerts` was asked for. */
  calls(): Call[] {
    const lines = readFileSync(join(this.folder, "calls"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  }

  dockerCalls(): string {
    return readFileSync(join(this.folder, "docker-calls"), "utf8");
  }

  remove(): void {
    rmSync(this.#outer, { recursive: true, force: true });
  }
}
