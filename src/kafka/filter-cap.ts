/** Visits remembered per filter: a night of Rubin has about a thousand. Bounds the memory of a hundred filters. */
const visitsKept = 2000;

/**
 * Counts the places taken in each visit, for one filter. Visits may come interleaved. Places are reserved while a
 * transaction is open and given back when it is aborted, since its alerts then come again.
 */
export class VisitPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly perVisit: number) {}

  /** Takes a place; false when the visit is full. An alert that names no visit always has one. */
  take(visitId: string): boolean {
    if (visitId === "" || this.perVisit === Number.POSITIVE_INFINITY) return true;
    const count = this.taken.get(visitId) ?? 0;
    if (count >= this.perVisit) return false;
    this.taken.delete(visitId); // set again below: the map is in the order of the places taken last
    this.taken.set(visitId, count + 1);
    if (this.taken.size > visitsKept) this.taken.delete(this.taken.keys().next().value!);
    return true;
  }

  /** Gives a place back. */
  release(visitId: string): void {
    const count = this.taken.get(visitId);
    if (count !== undefined) this.taken.set(visitId, Math.max(0, count - 1));
  }
}
