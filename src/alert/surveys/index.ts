import type { SurveyTable } from "../survey";
import { elasticc } from "./elasticc";
import { lsst } from "./lsst";
import { ztf } from "./ztf";

/** An alert of no known survey: everything is under `packet`. */
const unknown: SurveyTable = { name: "unknown", recognise: () => true, columns: {} };

/** The surveys that are read by name; the first that recognises a schema has it. */
export const surveys: readonly SurveyTable[] = [ztf, elasticc, lsst, unknown];
