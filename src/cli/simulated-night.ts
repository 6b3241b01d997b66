import { type SimulatedNight, simulateNight } from "../simulate/night";

/** What the command line says of a simulated night. */
export interface NightFlags {
  readonly seed: number;
  readonly night?: number | undefined;
  readonly stamps: "all" | "some" | "none";
  readonly alerts?: number | undefined;
  readonly visits?: number | undefined;
}

/**
 * The simulated night that is sent. One of LSST is by default as large as four of Rubin's visits.
 *
 * @throws USAGE for a survey, seed, size or choice of stamps that cannot be
 */
export function simulatedNight(survey: string, flags: NightFlags): SimulatedNight {
  const visits = flags.visits ?? (survey === "lsst" ? 4 : 50);
  return simulateNight({
    survey: survey as "ztf",
    seed: flags.seed,
    night: flags.night ?? 1,
    visits,
    alerts: flags.alerts ?? (survey === "lsst" ? 10_000 * visits : 500),
    stamps: flags.stamps,
  });
}
