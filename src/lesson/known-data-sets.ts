/** Data for which the lessons know the answers. */
export interface KnownDataSet {
  readonly name: string;
  readonly alerts: number;
  /** Range of the smallest alertId: what tells this set from another of the same size. */
  readonly firstId: readonly [bigint, bigint];
}

const exactly = (id: bigint) => [id, id] as const;

/**
 * ZTF's candid begins with the days since 2017-01-01 (UTC), here 697 for 2018-11-29; the other sets are told by their
 * first alert.
 */
const knownDataSets: readonly KnownDataSet[] = [
  { name: "simulated-7", alerts: 500, firstId: exactly(2566125071115010085n) },
  { name: "ztf", alerts: 115, firstId: exactly(472263571115115000n) },
  { name: "simulated-lsst-7", alerts: 40_000, firstId: exactly(193194362100000014n) },
  { name: "simulated-lsst-7-400", alerts: 400, firstId: exactly(193190142100000014n) },
  { name: "20181129", alerts: 499, firstId: [697_000_000_000_000_000n, 697_999_999_999_999_999n] },
];

export function knownDataSet(name: string): KnownDataSet | undefined {
  return knownDataSets.find((known) => known.name === name);
}

/** The set that these alerts are, by their number and their smallest id. */
export function recognise(alerts: readonly { readonly alertId?: bigint | string | null }[]): KnownDataSet | undefined {
  const ids = alerts.map(({ alertId }) => alertId).filter((id): id is bigint => typeof id === "bigint");
  const first = ids.reduce<bigint | undefined>(
    (least, id) => (least === undefined || id < least ? id : least),
    undefined,
  );
  if (first === undefined) return undefined;
  return knownDataSets.find(
    ({ alerts: size, firstId: [low, high] }) => size === alerts.length && first >= low && first <= high,
  );
}

/** What a learner is told when the topic does not hold the whole set, or holds more. */
export function countRemark(known: KnownDataSet, found: number): string {
  const answers = `Answers are known for the ${known.alerts} alerts of ${known.name}`;
  return found < known.alerts
    ? `${answers}; ${found} are here. If the stream is still running, run this cell again when it has ended.`
    : `${answers}; ${found} are here, so the night was sent more than once. "npx alerts send … --fresh" empties the topic first.`;
}
