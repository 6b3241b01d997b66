import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../helpers/data";

describe("the type declarations that notebooks see", () => {
  it("are understood by the TypeScript of the kernel, in strict mode", () => {
    // the kernel checks with the last compiler that has a language service; the build is made by a newer one
    const ts = createRequire(join(root, "package.json"))("typescript-6");
    expect(ts.version).toMatch(/^6\./);
    const program = ts.createProgram([join(root, "dist/index.d.ts")], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      // what cells have: no browser's types, which would be checked for seconds
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      skipDefaultLibCheck: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    });
    const ours = ts
      .getPreEmitDiagnostics(program)
      .filter((found: any) => !found.file || found.file.fileName.includes("/dist/"))
      .map((found: any) => `${found.file?.fileName}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`);
    expect(program.getSourceFiles().length).toBeGreaterThan(30);
    expect(ours).toEqual([]);
  });
});
