import ts from "typescript-6";

/** `let` can be assigned by later cells; `using` ends with its cell; `type` has no value. */
export type NameKind = "let" | "const" | "function" | "class" | "import" | "type" | "using";

/** A name that a cell declares at its top level. */
export interface Declared {
  readonly name: string;
  readonly kind: NameKind;
  readonly isExported: boolean;
}

export const hasModifier = (node: ts.Statement, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((one) => one.kind === kind) ?? false);

export function bindingNames(binding: ts.BindingName): string[] {
  if (ts.isIdentifier(binding)) return [binding.text];
  return binding.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bindingNames(element.name)));
}

/** What the top level of a file declares, in its order, each name once. */
export function declarations(file: ts.SourceFile): Declared[] {
  const found = new Map<string, Declared>();
  for (const statement of file.statements) {
    const isExported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    for (const [name, kind] of declaredBy(statement)) {
      // an interface and a class of one name, a function and a namespace: the one that has a value counts
      if (!found.has(name) || found.get(name)!.kind === "type") found.set(name, { name, kind, isExported });
    }
  }
  return [...found.values()];
}

export function declaredBy(statement: ts.Statement): [string, NameKind][] {
  const isAmbient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
  const one = (name: ts.Identifier | undefined, kind: NameKind): [string, NameKind][] =>
    name ? [[name.text, isAmbient ? "type" : kind]] : [];
  if (ts.isVariableStatement(statement)) {
    const kind = isAmbient ? "type" : kindOf(statement.declarationList);
    return statement.declarationList.declarations.flatMap((each) =>
      bindingNames(each.name).map((name): [string, NameKind] => [name, kind]),
    );
  }
  if (ts.isFunctionDeclaration(statement)) return one(statement.name, "function");
  if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) return one(statement.name, "class");
  if (isAugmentation(statement)) return [];
  if (ts.isModuleDeclaration(statement)) return ts.isIdentifier(statement.name) ? one(statement.name, "class") : [];
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return one(statement.name, "type");
  if (ts.isImportEqualsDeclaration(statement)) return one(statement.name, "import");
  if (ts.isImportDeclaration(statement)) return importedNames(statement).map((name) => [name, "import"]);
  return hoisted(statement).map((name) => [name, "let"]);
}

/** `declare global { … }` and `declare module "…" { … }` declare nothing of their own, and are for all cells. */
export const isAugmentation = (statement: ts.Statement): boolean =>
  ts.isModuleDeclaration(statement) &&
  (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0);

/** Names of `var` in loops, branches and blocks: those are of the whole cell. */
function hoisted(node: ts.Node): string[] {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return [];
  const names: string[] = [];
  if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
    names.push(...node.declarations.flatMap(({ name }) => bindingNames(name)));
  }
  ts.forEachChild(node, (child) => void names.push(...hoisted(child)));
  return names;
}

function kindOf({ flags }: ts.VariableDeclarationList): NameKind {
  const scope = flags & ts.NodeFlags.BlockScoped;
  if (scope === ts.NodeFlags.Using || scope === ts.NodeFlags.AwaitUsing) return "using";
  return scope === ts.NodeFlags.Const ? "const" : "let";
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const names = importClause?.name ? [importClause.name.text] : [];
  const bindings = importClause?.namedBindings;
  if (!bindings) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, bindings.name.text];
  return [...names, ...bindings.elements.map((element) => element.name.text)];
}
