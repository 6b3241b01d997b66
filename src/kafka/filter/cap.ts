/** Visits remembered: a night of Rubin has about a thousand. With a hundred filters they take 800 kB. */
const visitsKept = 2000;

/** Places taken in one visit, by the number of the filter. */
export type VisitCounts = Uint32Array;

/**
 * Counts the places that each filter takes in each visit. Visits may come interleaved. Places are reserved while a
 * transaction is open and given back when it is aborted, since its alerts then come again.
 */
export class VisitPlaces {
  private readonly visits = new Map<string, VisitCounts>();

  constructor(
    private readonly perVisit: number,
    private readonly filters: number,
  ) {}

  /** The counts of a visit, looked up once for all filters; null when there is no cap, or the alert names no visit. */
  of(visitId: string): VisitCounts | null {
    if (visitId === "" || this.perVisit === Number.POSITIVE_INFINITY) return null;
    const counts = this.visits.get(visitId) ?? new Uint32Array(this.filters);
    this.visits.delete(visitId); // set again below: the map is in the order in which visits were last seen
    this.visits.set(visitId, counts);
    if (this.visits.size > visitsKept) this.visits.delete(this.visits.keys().next().value!);
    return counts;
  }

  /** Takes a place for a filter; false when it has had all of them. To give it back, lower the count. */
  take(counts: VisitCounts, filter: number): boolean {
    if (counts[filter]! >= this.perVisit) return false;
    counts[filter]!++;
    return true;
  }
}
