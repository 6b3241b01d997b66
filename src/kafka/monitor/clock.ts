/**
 * When the next snapshot is due: on a whole multiple of the interval since 1970 UTC, after the last one. Sleeps are not
 * added up, so nothing drifts; multiples that went by meanwhile are left out and counted.
 *
 * @param lastDue when the last one was due, ms
 */
export function nextDue(lastDue: number, nowMs: number, everyMs: number): { due: number; missed: number } {
  const coming = Math.ceil(nowMs / everyMs) * everyMs;
  const planned = lastDue + everyMs;
  // the clock was set back: begin anew instead of waiting until it is where it was
  if (planned - nowMs > 1.5 * everyMs) return { due: coming, missed: 0 };
  // a timer may end a little early; the same multiple does not come twice
  if (coming <= planned) return { due: planned, missed: 0 };
  return { due: coming, missed: Math.round((coming - planned) / everyMs) };
}
