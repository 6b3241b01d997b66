import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript-6";
import { GLOBALS, PRELUDE, PRELUDE_MODULE } from "./globals";

/** Where the cells' modules seem to lie, and where packages are looked for when the notebook's folder has none. */
export interface Places {
  /** Folder of the notebook. */
  readonly cwd: string;
  /** Folder of this package, whose `node_modules` serve notebooks that lie elsewhere. */
  readonly home: string;
}

interface Virtual {
  readonly text: string;
  readonly version: number;
  readonly snapshot: ts.IScriptSnapshot;
}

/** Files that exist in memory alone – the cells – on top of those of the disk, for TypeScript's language service. */
export class Host implements ts.LanguageServiceHost {
  readonly dir: string;
  readonly options: ts.CompilerOptions;
  private readonly files = new Map<string, Virtual>();
  private readonly root: string;
  private readonly globals: string;
  private readonly snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot | undefined }>();
  private readonly resolutions: ts.ModuleResolutionCache;
  private readonly found = new Map<string, boolean>();

  constructor(private readonly places: Places) {
    this.dir = `${places.cwd}/`;
    this.root = `${this.dir}$root.ts`;
    this.globals = `${this.dir}$globals.d.ts`;
    const node = createRequire(`${places.home}/package.json`).resolve("@types/node/package.json");
    this.options = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      types: ["node"],
      typeRoots: [dirname(dirname(node))],
      strict: true,
      esModuleInterop: true,
      skipLibCheck: true,
      resolveJsonModule: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      allowUnusedLabels: false,
      allowJs: true,
      checkJs: false,
      maxNodeModuleJsDepth: 0,
    };
    this.resolutions = ts.createModuleResolutionCache(places.cwd, (name) => name, this.options);
    this.put(this.globals, GLOBALS);
    this.put(`${this.dir}${PRELUDE_MODULE}.ts`, PRELUDE);
    this.put(this.root, "export {};");
  }

  put(file: string, text: string): void {
    const before = this.files.get(file);
    if (before?.text === text) return;
    const version = (before?.version ?? 0) + 1;
    this.files.set(file, { text, version, snapshot: ts.ScriptSnapshot.fromString(text) });
  }

  remove(file: string): void {
    this.files.delete(file);
  }

  textOf(file: string): string | undefined {
    return this.files.get(file)?.text;
  }

  /** The module that imports all that is to be checked, and holds what is to stay loaded. */
  setRoot(text: string): void {
    this.put(this.root, text);
  }

  /** A package that was not there may be there the next time. */
  forgetPackages(): void {
    this.found.clear();
    this.resolutions.clear();
  }

  getScriptFileNames = (): string[] => [this.globals, this.root];
  getCompilationSettings = (): ts.CompilerOptions => this.options;
  getCurrentDirectory = (): string => this.places.cwd;
  useCaseSensitiveFileNames = (): boolean => ts.sys.useCaseSensitiveFileNames;
  getDefaultLibFileName = (): string => join(dirname(ts.sys.getExecutingFilePath()), "lib.es2022.full.d.ts");
  getModuleResolutionCache = (): ts.ModuleResolutionCache => this.resolutions;

  getScriptVersion = (file: string): string => String(this.files.get(file)?.version ?? this.diskVersion(file));

  getScriptSnapshot = (file: string): ts.IScriptSnapshot | undefined => {
    const virtual = this.files.get(file);
    if (virtual) return virtual.snapshot;
    const version = this.diskVersion(file);
    const before = this.snapshots.get(file);
    if (before?.version === version) return before.snapshot;
    const text = ts.sys.readFile(file);
    const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    this.snapshots.set(file, { version, snapshot });
    return snapshot;
  };

  /** Looking at thousands of declarations each time would cost more than checking the cell. */
  private diskVersion(file: string): string {
    if (file.includes("/node_modules/") || !file.startsWith(this.dir)) return "1";
    return String(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  }

  private ask(kind: string, path: string, look: (path: string) => boolean): boolean {
    const key = `${kind}${path}`;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const there = look(path);
    if (path.includes("/node_modules")) this.found.set(key, there);
    return there;
  }

  fileExists = (file: string): boolean => this.files.has(file) || this.ask("f", file, ts.sys.fileExists);
  directoryExists = (path: string): boolean => this.ask("d", path, ts.sys.directoryExists);
  readFile = (file: string): string | undefined => this.files.get(file)?.text ?? ts.sys.readFile(file);
  getDirectories = (path: string): string[] => ts.sys.getDirectories(path);
  realpath = (path: string): string => (this.files.has(path) || !ts.sys.realpath ? path : ts.sys.realpath(path));

  resolveModuleNameLiterals = (
    literals: readonly ts.StringLiteralLike[],
    from: string,
    _redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    file: ts.SourceFile,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] =>
    literals.map((literal) => {
      const own = `${this.dir}${literal.text.slice(2)}.ts`;
      if (literal.text.startsWith("./cell-") && this.files.has(own)) {
        return { resolvedModule: { resolvedFileName: own, extension: ".ts", isExternalLibraryImport: false } };
      }
      const isBeside = literal.text.startsWith(".") || literal.text.startsWith("/");
      const mode = ts.getModeForUsageLocation(file, literal, options);
      const cache = isBeside ? undefined : this.resolutions;
      const found = ts.resolveModuleName(literal.text, from, options, this, cache, undefined, mode);
      if (found.resolvedModule || isBeside || !from.startsWith(this.dir)) return found;
      return ts.resolveModuleName(literal.text, `${this.places.home}/$.ts`, options, this, undefined, undefined, mode);
    });
}
