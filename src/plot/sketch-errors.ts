import { listOf } from "./sketch-traces";

type Options = Readonly<Record<string, any>>;

/** How far an error bar goes below and above a value; 0 where there is none. */
export function errorOf(error: Options | undefined, value: number, i: number): [low: number, high: number] {
  if (!error || error["visible"] === false) return [0, 0];
  const kind = error["type"] ?? (error["array"] ? "data" : error["value"] === undefined ? "none" : "percent");
  const size = (list: string, single: string): number => {
    if (kind === "data") return Number(listOf(error[list])[i] ?? Number.NaN);
    if (kind === "constant") return Number(error[single]);
    if (kind === "percent") return Math.abs((value * Number(error[single] ?? 10)) / 100);
    return kind === "sqrt" ? Math.sqrt(Math.abs(value)) : Number.NaN;
  };
  const high = size("array", "value");
  const both = error["symmetric"] ?? !(kind === "data" ? "arrayminus" in error : "valueminus" in error);
  const low = both ? high : size("arrayminus", "valueminus");
  const length = (value: number) => (Number.isFinite(value) ? Math.max(0, value) : 0);
  return [length(low), length(high)];
}
