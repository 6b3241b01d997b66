// The API reference as HTML in build/api, from the doc comments: npm run docs
import Module, { register } from "node:module";
import { join } from "node:path";

// TypeDoc asks for "typescript", which is the native compiler here; the last one with an API in JavaScript lies beside it
const usual = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => usual.call(Module, name === "typescript" ? "typescript-6" : name, ...rest);
const hook = `export const resolve = (name, context, next) =>
  next(name === "typescript" ? "typescript-6" : name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const root = join(import.meta.dirname, "..");
const { Application } = await import("typedoc");
const app = await Application.bootstrap({
  name: "alert-bootcamp",
  entryPoints: [join(root, "src/index.ts")],
  tsconfig: join(root, "tsconfig.json"),
  out: join(root, "build/api"),
  readme: "none",
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hideGenerator: true,
  validation: { notExported: false, notDocumented: false },
  treatWarningsAsErrors: true,
});
const project = await app.convert();
if (project !== undefined && !app.logger.hasErrors()) await app.generateOutputs(project);
process.exitCode = app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
