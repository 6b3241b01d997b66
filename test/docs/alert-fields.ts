import { createRequire } from "node:module";
import { join } from "node:path";
import type { commonFields } from "../../src/alert/common-view";
import { root } from "../helpers/data";

const ts = createRequire(join(root, "package.json"))("typescript-6") as typeof import("typescript-6");

/** Doc comments of the properties of a constant's object or of an interface, as one line each. */
export function meanings(text: string, name: string): Map<string, string> {
  const file = ts.createSourceFile("file.ts", text, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string>();
  const visit = (node: import("typescript-6").Node): void => {
    const isIt =
      (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name) ||
      (ts.isInterfaceDeclaration(node) && node.name.text === name);
    if (!isIt) return void ts.forEachChild(node, visit);
    const members = ts.isInterfaceDeclaration(node) ? node.members : propertiesOf(node.initializer!);
    for (const member of members) {
      const doc = ts.getJSDocCommentsAndTags(member)[0];
      const comment = doc && ts.isJSDoc(doc) ? ts.getTextOfJSDocComment(doc.comment) : "";
      found.set(member.name!.getText(file), (comment ?? "").replaceAll(/\s+/g, " "));
    }
  };
  visit(file);
  return found;
}

function propertiesOf(
  node: import("typescript-6").Expression,
): readonly import("typescript-6").ObjectLiteralElementLike[] {
  if (ts.isSatisfiesExpression(node) || ts.isAsExpression(node)) return propertiesOf(node.expression);
  return ts.isObjectLiteralExpression(node) ? node.properties : [];
}

const holds: Readonly<Record<string, string>> = {
  text: "text",
  number: "number",
  boolean: "true or false",
  id: "bigint or text",
  label: "number or text",
};
const shownIn: Readonly<Record<string, string>> = {
  first: "`table`, `alerts read`",
  listing: "`alerts read`",
  asked: "",
};

/**
 * The reference page of the fields of an alert.
 *
 * @param fields the table of the common view
 * @param texts of the files that hold it and the parts, for their doc comments
 * @param sources by survey: the packet path that each field is read from
 */
export function alertFieldsPage(
  fields: typeof commonFields,
  texts: { readonly view: string; readonly types: string },
  sources: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): string {
  const meaning = meanings(texts.view, "commonFields");
  const surveys = Object.keys(sources);
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const rows = Object.entries(fields).map(([name, { type, unit, missing, shown }]) => {
    const none = typeof missing === "string" ? JSON.stringify(missing) : String(missing);
    const paths = surveys.map((survey) => (sources[survey]![name] ? `\`${sources[survey]![name]}\`` : "–"));
    return row([`\`${name}\``, holds[type]!, unit, `\`${none}\``, shownIn[shown]!, meaning.get(name) ?? "", ...paths]);
  });
  const parts = [...meanings(texts.types, "AlertParts")].map(([name, text]) => row([`\`${name}\``, text]));
  const head = ["field", "holds", "unit", "where there is none", "shown by", "meaning", ...surveys];
  return `# Fields of an alert

The common view: the same names for every survey, in cells (\`alert.mag\`), cuts (\`cut("bright", "mag", { max: 16 })\`), tables, plots,
SQL, data frames, Parquet and \`alerts read --fields\`. The last columns say where the newest packets of a survey have them;
\`alert.sources\` says it for one alert, and \`alert.missing\` what its survey does not give. A number that is not there is NaN: every
comparison with it is false. The survey's own names stand below \`packet\`.

${row(head)}
|${head.map(() => "---").join("|")}|
${rows.join("\n")}

What holds more than one value:

| field | what it is |
|---|---|
${parts.join("\n")}

This page is made from \`src/alert/common-view.ts\`: \`npx vitest run --project system test/docs -u\`.
`;
}
