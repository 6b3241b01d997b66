import type { WriterSchema } from "../../avro/schema";
import { type NamedSurvey, type SurveyTable, schemaHas } from "../survey";
import { elasticc } from "./elasticc";
import { elasticcClassification } from "./elasticc-classification";
import { genericTable } from "./generic";
import { lsst } from "./lsst";
import { ztf } from "./ztf";

/** The surveys that are read by name; the first that recognises a schema has it. */
const named: readonly NamedSurvey[] = [ztf, elasticc, lsst, elasticcClassification];

/** The table for packets of a schema: of a survey that is known, or made by rule. */
export function tableOf(schema: WriterSchema): SurveyTable {
  const has = schemaHas(schema);
  return named.find((survey) => survey.recognise(has, schema.name)) ?? genericTable(schema);
}
