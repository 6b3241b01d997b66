export type { CatalogRow } from "./catalog";
export type { SourceClass } from "./classes";
export { type SimulatedClass, type SimulatedNight, type SimulateOptions, simulateNights as nights } from "./night";
export { type TruthRow, toTruthCsv as truthCsv } from "./truth";
export type { NightWriteOptions, WrittenNight } from "./write";
