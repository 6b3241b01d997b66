import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commonFields } from "../../src/alert/common-view";
import { bind } from "../../src/alert/survey";
import { tableOf } from "../../src/alert/surveys";
import { knownSchema, knownVersions } from "../../src/avro/known";
import { root } from "../helpers/data";
import { alertFieldsPage, meanings } from "./alert-fields";

const text = (name: string) => readFileSync(join(root, "src/alert", name), "utf8");

function sourcesOf(survey: "ztf" | "lsst" | "elasticc", version = knownVersions(survey).at(-1)!) {
  const schema = knownSchema(survey, version)!;
  return bind(tableOf(schema), schema).sources;
}

it("docs/alert-fields.md says what the table of the common view says", async () => {
  const sources = { ZTF: sourcesOf("ztf"), Rubin: sourcesOf("lsst"), ELAsTiCC: sourcesOf("elasticc", "0.9.1") };
  const page = alertFieldsPage(commonFields, { view: text("common-view.ts"), types: text("types.ts") }, sources);
  await expect(page).toMatchFileSnapshot("../../docs/alert-fields.md");
});

it("every field has a doc comment, which cells show", () => {
  for (const [file, name] of [
    ["common-view.ts", "commonFields"],
    ["types.ts", "AlertParts"],
  ] as const) {
    const found = meanings(text(file), name);
    expect(found.size).toBeGreaterThan(7);
    expect([...found].filter(([, meaning]) => meaning.length < 10)).toEqual([]);
  }
});
