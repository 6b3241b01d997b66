import { alertToJson } from "../alert/json";

/**
 * One line of JSON for a report: counts, offsets and lags are numbers, also beyond 2^53, where their digits are still right; NaN
 * is null. Alerts, whose 64-bit integers are ids, go through `alertToJson`.
 */
export const json = (value: unknown): string => alertToJson(value, { digits: true });
