import ts from "typescript-6";
import { bindingNames, type Declared, declaredBy, hasModifier } from "./declarations";
import { Edits } from "./edits";

/** By which the code of a cell knows the names of the notebook, and what it calls of the kernel (`cells/scope.ts`). */
const SCOPE = "__scope";
const KERNEL = "__kernel";

export interface CellSource {
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
  /** Where the cell's own text begins, after the line that imports earlier names. */
  readonly start: number;
  readonly own: readonly Declared[];
  /** True for a name of an earlier cell. */
  readonly isEarlier: (name: string) => boolean;
}

/**
 * Turns a checked cell into a function of the scope and the kernel, by edits that keep its lines; it is still TypeScript.
 *
 * - The cell's own declarations stay real local variables. After each, the scope is told how to read and set it, so that
 *   a cell that throws or is interrupted leaves what it had declared.
 * - Names of earlier cells become `__scope.name`: which identifiers those are, the checker knows.
 * - What is awaited goes through the kernel, so that an interrupt ends the waiting.
 * - The last expression is returned inside an object: a promise as the value of a cell would be awaited otherwise. It stands
 *   behind a comma, since a function or class without a name would get that of the property.
 */
export function rewrite(cell: CellSource): string {
  const { program, file, start } = cell;
  const edits = new Edits();
  const last = file.statements.at(-1);
  if (last && ts.isExpressionStatement(last) && last.getStart(file) >= start) {
    edits.wrap(last.getStart(file), last.expression.end, "return{value:(0,", ")}");
    edits.blank(last.expression.end, last.end, file.text);
  }
  replaceNames(cell, program.getTypeChecker(), edits);
  const prologue = declareNames(cell, program.getTypeChecker(), edits);
  return `(async function cell(${SCOPE},${KERNEL}){"use strict";${prologue}\n${edits.apply(file.text, start)}\n})`;
}

function replaceNames({ file, start, isEarlier }: CellSource, checker: ts.TypeChecker, edits: Edits): void {
  const isOfScope = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.every((one) => one.getSourceFile() === file && one.end <= start) ?? false;
  const visit = (node: ts.Node): void => {
    if (node.end <= start) return;
    const isHeritage = ts.isExpressionWithTypeArguments(node) && ts.isHeritageClause(node.parent);
    if (ts.isTypeNode(node) && !isHeritage) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)) return;
    if (ts.isShorthandPropertyAssignment(node)) {
      const { name } = node;
      if (isEarlier(name.text) && isOfScope(checker.getShorthandAssignmentValueSymbol(node))) {
        edits.after(name.end, `: ${SCOPE}.${name.text}`);
      }
      if (node.objectAssignmentInitializer) visit(node.objectAssignmentInitializer);
      return;
    }
    if (ts.isIdentifier(node)) {
      const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      if (isEarlier(node.text) && !isMember && isOfScope(checker.getSymbolAtLocation(node))) {
        // a call of `__scope.f` would hand the scope over as `this`
        const name = `${SCOPE}.${node.text}`;
        edits.replace(node.getStart(file), node.end, isCalled(node) ? `(0,${name})` : name);
      }
      return;
    }
    if (ts.isAwaitExpression(node)) {
      edits.wrap(node.getStart(file), node.end, `${KERNEL}.back(`, ")");
      edits.wrap(node.expression.getStart(file), node.expression.end, `${KERNEL}.wait(`, ")");
    } else if (ts.isForOfStatement(node) && node.awaitModifier) {
      edits.wrap(node.expression.getStart(file), node.expression.end, `${KERNEL}.each(`, ")");
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      edits.replace(node.expression.getStart(file), node.expression.end, `${KERNEL}.load`);
    } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.replace(node.getStart(file), node.end, `${KERNEL}.meta`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

const isCalled = (node: ts.Identifier): boolean =>
  (ts.isCallExpression(node.parent) && node.parent.expression === node) ||
  (ts.isTaggedTemplateExpression(node.parent) && node.parent.tag === node);

/** Tells the scope of each declaration; gives what has to stand before the cell: imports and functions. */
function declareNames({ file, start, own }: CellSource, checker: ts.TypeChecker, edits: Edits): string {
  let prologue = "";
  const kinds = new Map(own.map(({ name, kind }) => [name, kind]));
  let isFirst = true;
  for (const statement of file.statements) {
    const from = statement.getStart(file);
    if (from < start) continue;
    // between two statements is where an interrupted cell ends
    if (!isFirst && !ts.isFunctionDeclaration(statement)) edits.before(from, `${KERNEL}.go();`);
    isFirst = false;
    removeExport(statement, file, edits);
    if (ts.isImportDeclaration(statement)) {
      edits.blank(from, statement.end, file.text);
      prologue += importCode(statement, checker);
    } else if (hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) {
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.body && statement.name) prologue += define([statement.name.text], false);
    } else if (ts.isVariableStatement(statement)) {
      const names = statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
      const kind = kinds.get(names[0] ?? "");
      if (kind !== "using") edits.after(statement.end, define(names, kind === "let"));
    } else if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || isValueModule(statement)) {
      edits.after(
        statement.end,
        define(
          declaredBy(statement).map(([name]) => name),
          false,
        ),
      );
    } else {
      prologue += define(
        declaredBy(statement).map(([name]) => name),
        true,
      );
    }
  }
  return prologue;
}

/** A namespace of nothing but types leaves no value. */
function isValueModule(statement: ts.Statement): statement is ts.ModuleDeclaration {
  if (!ts.isModuleDeclaration(statement) || !statement.body || !ts.isModuleBlock(statement.body)) return false;
  return statement.body.statements.some((one) => !ts.isInterfaceDeclaration(one) && !ts.isTypeAliasDeclaration(one));
}

/** `export` means nothing in a cell, since later cells see everything. */
function removeExport(statement: ts.Statement, file: ts.SourceFile, edits: Edits): void {
  if (ts.isExportDeclaration(statement)) edits.blank(statement.getStart(file), statement.end, file.text);
  if (ts.isExportAssignment(statement)) {
    edits.blank(statement.getStart(file), statement.expression.getStart(file), file.text);
  }
  // one without a name is no declaration where there is nothing to export
  const isDeclaration = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  if (isDeclaration && !statement.name) edits.wrap(statement.getStart(file), statement.end, "(", ")");
  if (!ts.canHaveModifiers(statement)) return;
  for (const modifier of ts.getModifiers(statement) ?? []) {
    const isExport = modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword;
    if (isExport) edits.blank(modifier.getStart(file), modifier.end, file.text);
  }
}

function define(names: readonly string[], isLet: boolean): string {
  if (names.length === 0) return "";
  // in brackets, since `__proto__` would be none of the properties otherwise
  const parts = names.map((name) => `["${name}"]:[()=>${name}${isLet ? `,(v)=>{${name}=v}` : ""}]`);
  return `;${KERNEL}.def({${parts.join(",")}});`;
}

/** Bindings of an import as local constants; those that are types alone are left out. */
function importCode(statement: ts.ImportDeclaration, checker: ts.TypeChecker): string {
  const { importClause } = statement;
  const from = JSON.stringify((statement.moduleSpecifier as ts.StringLiteral).text);
  if (!importClause) return `${waited(`${KERNEL}.import(${from})`)};`;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return "";
  const hasValue = (name: ts.Identifier) => {
    const symbol = checker.getSymbolAtLocation(name);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    // unknown: a package without types
    return !target || (target.flags & ts.SymbolFlags.Value) !== 0 || target.flags === ts.SymbolFlags.Property;
  };
  const parts: [local: string, imported: string][] = [];
  if (importClause.name && hasValue(importClause.name)) parts.push([importClause.name.text, "default"]);
  const bindings = importClause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) parts.push([bindings.name.text, "*"]);
  else if (bindings) {
    for (const { isTypeOnly, name, propertyName } of bindings.elements) {
      if (!isTypeOnly && hasValue(name)) parts.push([name.text, (propertyName ?? name).text]);
    }
  }
  if (parts.length === 0) return "";
  const locals = parts.map(([local]) => local);
  const names = JSON.stringify(parts.map(([, imported]) => imported));
  return `const [${locals.join(",")}]=${waited(`${KERNEL}.import(${from},${names})`)};${define(locals, false)}`;
}

/** Awaits through the kernel, as the cell's own code does. */
const waited = (code: string): string => `${KERNEL}.back(await ${KERNEL}.wait(${code}))`;
