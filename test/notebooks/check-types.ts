import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../helpers/data";
import type { Cell } from "./run-notebook";

/**
 * Checks the code cells of notebooks as the kernel does, without running them: each notebook becomes one module, its
 * cells one after the other, and is compiled against the declarations of the built library.
 *
 * @returns what the compiler says, with notebook, cell id and line within the cell
 */
export function checkTypes(notebooks: ReadonlyMap<string, readonly Cell[]>): string[] {
  const folder = mkdtempSync(join(tmpdir(), "cells-"));
  try {
    const places = new Map<string, { cell: string; line: number }[]>();
    for (const [name, cells] of notebooks) {
      const code = cells.filter(({ kind }) => kind === "code");
      const lines = code.flatMap(({ id, source }) => source.split("\n").map((text, i) => ({ id, text, line: i + 1 })));
      writeFileSync(join(folder, `${name}.ts`), `${lines.map(({ text }) => text).join("\n")}\nexport {};\n`);
      places.set(
        name,
        lines.map(({ id, line }) => ({ cell: id, line })),
      );
    }
    const settings = {
      compilerOptions: {
        // as the kernel checks them, by the newer compiler of the build
        target: "es2022",
        lib: ["es2022"],
        module: "esnext",
        moduleResolution: "bundler",
        noEmit: true,
        strict: true,
        skipLibCheck: true,
        typeRoots: [join(root, "node_modules/@types")],
        types: ["node"],
        paths: {
          "alert-bootcamp": [join(root, "dist/index.d.ts")],
          avsc: [join(root, "node_modules/avsc/types/index.d.ts")],
        },
      },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (run.error) throw run.error;
    const found = run.stdout.split("\n").filter((line) => line.trim() !== "");
    if (run.status !== 0 && found.length === 0) return [run.stderr || `tsc ended with ${run.status}`];
    return found.map((line) => {
      const [, name, row, message] = /([^/\\]+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
      const place = name === undefined ? undefined : places.get(name)?.[Number(row) - 1];
      return place ? `${name}, ${place.cell}, line ${place.line}: ${message}` : line;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
