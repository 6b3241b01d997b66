import { type SimulatedNight, simulateNight } from "../simulate/night";
import { number } from "./run";

/** What the command line says of a simulated night. */
export interface NightFlags {
  seed: string;
  night?: string;
  stamps: string;
  alerts?: string;
  visits?: string;
}

/**
 * The simulated night that is sent. One of LSST is by default as large as four of Rubin's visits.
 *
 * @throws USAGE for a survey, seed, size or choice of stamps that cannot be
 */
export function simulatedNight(survey: string, flags: NightFlags): SimulatedNight {
  const visits = number("--visits", flags.visits) ?? (survey === "lsst" ? 4 : 50);
  return simulateNight({
    survey: survey as "ztf",
    seed: number("--seed", flags.seed)!,
    night: number("--night", flags.night) ?? 1,
    visits,
    alerts: number("--alerts", flags.alerts) ?? (survey === "lsst" ? 10_000 * visits : 500),
    stamps: flags.stamps as "some",
  });
}
