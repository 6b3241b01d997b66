/** Outcome of one cut on one alert; "missing" when the packet has no value to compare. */
export type Verdict = "passed" | "failed" | "missing";
