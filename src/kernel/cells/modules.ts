import { statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Translated } from "../frames";

/**
 * What cells import: packages from the notebook's folder upwards, then from this package's own; modules beside the notebook
 * as they are now, also when they were changed since.
 */
export class Modules {
  /** `require` of the notebook's folder. */
  readonly require: NodeJS.Require;
  readonly meta: object;
  private readonly home: NodeJS.Require;
  /** TypeScript beside the notebook, translated by the kernel. */
  private translated: Readonly<Record<string, Translated>> = {};
  private readonly read = new Map<string, number>();

  /**
   * @param cwd folder of the notebook
   * @param home folder of this package
   * @param builtIn modules that the kernel has itself, by name
   */
  constructor(
    private readonly cwd: string,
    home: string,
    private readonly builtIn: Readonly<Record<string, object>>,
  ) {
    const file = join(cwd, "notebook.ts");
    this.require = createRequire(file);
    this.home = createRequire(join(home, "package.json"));
    this.meta = { url: pathToFileURL(file).href, dirname: cwd, filename: file };
    const load = (module: Module, path: string) => {
      const js = this.translated[path]?.js;
      if (js === undefined) throw new Error(`Expected a TypeScript module that a cell imports, got ${path}`);
      (module as unknown as { _compile(js: string, path: string): void })._compile(js, path);
    };
    for (const extension of [".ts", ".mts", ".cts"]) {
      // Node 22 reads these itself, but not enums and the like
      (Module as unknown as { _extensions: Record<string, unknown> })._extensions[extension] = load;
    }
    const lookUp = (Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown })._load;
    // whatever asks for it – a cell, or a module beside the notebook – gets what the kernel has
    Object.assign(Module, {
      _load: (name: string, ...rest: unknown[]) => builtIn[name] ?? lookUp(name, ...rest),
    });
  }

  /** Takes the modules that the next cell uses; forgets those of the notebook's folder if one of them has changed. */
  update(translated: Readonly<Record<string, Translated>>): void {
    const before = this.translated;
    this.translated = { ...before, ...translated };
    const { cache } = this.require;
    const own = Object.keys(cache).filter((path) => this.isBeside(path));
    const isChanged = own.some((path) => {
      const isNew = translated[path] !== undefined && translated[path].js !== before[path]?.js;
      return isNew || this.read.get(path) !== changedAt(path);
    });
    if (isChanged) for (const path of own) delete cache[path];
  }

  /** A namespace, as `import()` gives it. */
  async load(name: string): Promise<unknown> {
    return namespaceOf(await this.loaded(name));
  }

  /** What a module exports: a namespace of ESM, anything of CommonJS. */
  private async loaded(name: string): Promise<any> {
    if (this.builtIn[name]) return this.builtIn[name];
    const path = this.resolve(name);
    if (!path.endsWith(".mjs")) {
      try {
        const loaded = this.require(path);
        this.remember();
        return loaded;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ERR_REQUIRE_ESM" && code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
      }
    }
    const { href } = pathToFileURL(path);
    // Node keeps modules by their address: a changed file gets another
    return import(this.isBeside(path) ? `${href}?changed=${changedAt(path)}` : href);
  }

  /** The values that an import statement names: "*" for the namespace. */
  async bindings(name: string, names: readonly string[] = []): Promise<unknown[]> {
    const module = await this.loaded(name);
    const isEsm = isModule(module);
    return names.map((binding) => {
      if (binding === "*") return namespaceOf(module);
      if (binding === "default") return isEsm && module.default !== undefined ? module.default : module;
      if (module === null || module === undefined || !(binding in Object(module))) {
        const inner = module?.default?.[binding];
        if (inner !== undefined) return inner;
        throw new SyntaxError(`The module "${name}" does not provide an export named "${binding}"`);
      }
      return module[binding];
    });
  }

  private resolve(name: string): string {
    if (Module.isBuiltin(name)) return name;
    try {
      return this.require.resolve(name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // TypeScript lets "./helper.js" mean helper.ts
      if (/^\.{0,2}\/.*\.[cm]?js$/.test(name)) return this.require.resolve(name.replace(/js$/, "ts"));
      if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return this.esmEntry(name);
      if (name.startsWith(".") || name.startsWith("/")) throw error;
      return this.home.resolve(name);
    }
  }

  /** Packages that export themselves to `import` alone. */
  private esmEntry(name: string): string {
    for (const folder of this.require.resolve.paths(name) ?? []) {
      const [scope, bare, ...rest] = name.startsWith("@") ? name.split("/") : ["", ...name.split("/")];
      const root = join(folder, scope!, bare!);
      if (!statSync(root, { throwIfNoEntry: false })) continue;
      const { exports, module, main } = this.require(join(root, "package.json"));
      const key = rest.length > 0 ? `./${rest.join("/")}` : ".";
      const entry = typeof exports === "string" ? exports : (exports?.[key] ?? exports);
      const path = forImport(entry) ?? module ?? main;
      if (path) return join(root, path);
    }
    throw new Error(`Cannot find package "${name}"`);
  }

  private remember(): void {
    for (const path of Object.keys(this.require.cache)) {
      if (this.isBeside(path) && !this.read.has(path)) this.read.set(path, changedAt(path));
    }
    for (const path of this.read.keys()) if (!this.require.cache[path]) this.read.delete(path);
  }

  /** Lines of a module's own text, where the kernel has translated it. */
  linesOf(path: string): readonly number[] | undefined {
    return this.translated[path]?.lines;
  }

  private isBeside(path: string): boolean {
    return (
      path.startsWith(`${this.cwd}/`) && !path.includes("/node_modules/") && !path.startsWith(join(__dirname, "../.."))
    );
  }
}

const isModule = (module: any): boolean => module?.__esModule === true || module?.[Symbol.toStringTag] === "Module";

/** CommonJS as a namespace: its properties as they are when they are read, and the whole as default. */
function namespaceOf(module: any): unknown {
  // a function can be called as it was meant, though a namespace cannot
  if (typeof module !== "object" || module === null || isModule(module)) return module;
  const namespace = Object.create(null);
  for (const name of Object.keys(module)) {
    Object.defineProperty(namespace, name, { get: () => module[name], enumerable: true });
  }
  return Object.defineProperty(namespace, "default", { value: module, enumerable: true });
}

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The path of an entry of `exports` under the conditions of `import` in Node. */
function forImport(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return undefined;
  for (const [condition, inner] of Object.entries(entry)) {
    if (["node", "import", "module-sync", "default"].includes(condition)) return forImport(inner);
  }
  return undefined;
}
