/** How soon a filter finds the objects it is after. Medians are over the objects found; NaN when there is none. */
export interface SelectionLatency {
  /** Wanted objects met, and of these the ones selected at least once. */
  readonly objects: number;
  readonly objectsSelected: number;
  /** Days from an object's first alert to its first selected one. */
  readonly medianDays: number;
  readonly maxDays: number;
  /** Alerts of the object up to and with the first selected one: 1 is the first chance. */
  readonly medianDetections: number;
  readonly maxDetections: number;
}

/** Collects the alerts of every wanted object, in any order, and works out the time to first selection. */
export class LatencyBook {
  readonly #objects = new Map<string, { mjds: number[]; first: number; firstSelected: number }>();

  /** An alert without a time says nothing about latency; it only makes the object known. */
  add(objectId: string, mjdUtc: number, selected: boolean): void {
    const never = Number.POSITIVE_INFINITY;
    const object = this.#objects.get(objectId) ?? { mjds: [], first: never, firstSelected: never };
    this.#objects.set(objectId, object);
    object.mjds.push(mjdUtc);
    if (mjdUtc < object.first) object.first = mjdUtc;
    if (selected && mjdUtc < object.firstSelected) object.firstSelected = mjdUtc;
  }

  summary(): SelectionLatency {
    const found = [...this.#objects.values()].filter((object) => object.firstSelected < Number.POSITIVE_INFINITY);
    const days = found.map(({ first, firstSelected }) => firstSelected - first).sort((a, b) => a - b);
    const detections = found
      .map(({ mjds, firstSelected }) => mjds.filter((mjd) => mjd < firstSelected).length + 1)
      .sort((a, b) => a - b);
    return {
      objects: this.#objects.size,
      objectsSelected: found.length,
      medianDays: median(days),
      maxDays: days.at(-1) ?? Number.NaN,
      medianDetections: median(detections),
      maxDetections: detections.at(-1) ?? Number.NaN,
    };
  }
}

function median(sorted: readonly number[]): number {
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
