import vm from "node:vm";
import { Modules } from "../../src/kernel/cells/modules";
import { RunningCell } from "../../src/kernel/cells/running-cell";
import { Scope } from "../../src/kernel/cells/scope";
import { CellCompiler } from "../../src/kernel/compiler/cell-compiler";
import type { Mistake } from "../../src/kernel/compiler/types";

/** A notebook inside of this process, for tests: cells are checked and run as the kernel does, one after the other. */
export class TestNotebook {
  private readonly compiler: CellCompiler;
  private readonly modules: Modules;
  private cells = 0;
  private readonly scope: Scope;

  constructor(cwd: string, home: string) {
    this.compiler = new CellCompiler({ cwd, home });
    this.modules = new Modules(cwd, home, {});
    this.scope = new Scope(this.modules);
  }

  mistakes(code: string): readonly Mistake[] {
    return this.compiler.check(code, ++this.cells).mistakes;
  }

  /** The remedy for the first mistake of a cell. */
  remedy(code: string): string | undefined {
    return this.mistakes(code)[0]?.remedy;
  }

  /** The value of a cell; what it throws; or the first mistake, as "TS2304: …". */
  async run(code: string): Promise<unknown> {
    const id = ++this.cells;
    const { js, mistakes, modules } = this.compiler.check(code, id);
    if (js === undefined) return describe(mistakes[0]!);
    this.modules.update(modules ?? {});
    const defined = new Set<string>();
    const calls = this.scope.callsOf(new RunningCell(id, `cell ${id}`), (name) => defined.add(name));
    try {
      const outcome = await vm.runInThisContext(js, { filename: `cell-${id}.ts` })(this.scope.names, calls);
      const value = outcome?.value;
      return value instanceof Promise ? { promise: value } : value; // not awaited here either
    } catch (error) {
      return error;
    } finally {
      this.compiler.commit(id, [...defined]);
    }
  }
}

const describe = ({ code, text }: Mistake): string => `${code}: ${text}`;
