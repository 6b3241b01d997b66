import { createRequire } from "node:module";
import { join } from "node:path";
import { BootcampError } from "../errors";
import { projectRoot, version } from "../version";
import { Kernel } from "./kernel";
import { readConnection } from "./protocol/connection";

/** `node dist/kernel/main.js CONNECTION_FILE`, as the kernelspec has it. */
const [path] = process.argv.slice(2);
try {
  if (path === undefined) throw new BootcampError("USAGE", "Expected a connection file of Jupyter, got no argument");
  const { version: typescript } = createRequire(join(projectRoot, "package.json"))("typescript-6/package.json");
  const kernel = new Kernel(readConnection(path), process.cwd(), { version, typescript });
  process.on("SIGINT", () => kernel.interrupt());
  kernel.start().catch((error) => {
    // another program was quicker to take a port; Jupyter starts the kernel again, with others
    process.stderr.write(`Cannot listen where ${path} says: ${error}\n`);
    process.exit(1);
  });
} catch (error) {
  process.stderr.write(`${error}\n`);
  process.exitCode = 2;
}
