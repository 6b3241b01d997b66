export type { RegistryChoice } from "./find-schema";
export { type KnownSurvey, knownVersions, surveySchema } from "./known";
export { type RegistryOptions, SchemaRegistry } from "./registry";
export { registerSchema, type SchemaSource } from "./schema-ids";
