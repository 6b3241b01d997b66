import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

type FromKafka = readonly { readonly origin: { readonly partition: number } }[];
interface Report {
  readonly ok: boolean;
  readonly stages: readonly { readonly stage: string; readonly state: string }[];
}

/** Alerts in each partition that has any. */
function perPartition(alerts: FromKafka): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { origin } of alerts) counts.set(origin.partition, (counts.get(origin.partition) ?? 0) + 1);
  return counts;
}
/** What the group of section 4.3 had read, and how often the night was sent by then. */
const [alreadyRead, timesSent] = [150, 2];
/** From a zero point of 27.5 mag to the 31.4 of nanojansky. */
const elasticcNJy = 10 ** (0.4 * (31.4 - 27.5));

/** Exercises of `7_real_brokers`; `practice` is the broker, `alerts` what the topic held first, `one` the polled alert. */
export const part7: Part = {
  part: 7,
  title: "Real brokers",
  exercises: [
    {
      id: "7.1",
      title: "every stage is passed",
      hints: [
        "The line above the verdict names the stage that fails, the problem and a remedy.",
        'The right address is process.env["PRACTICE_BOOTSTRAP"] ?? ""; the second half is for a setting that might be missing.',
        "User names are not the same in capitals.",
      ],
      solution:
        'const repair: Record<string, string> = { BOOTSTRAP: process.env["PRACTICE_BOOTSTRAP"] ?? "", USERNAME: "alice" };',
      lacks: ({ ok, stages }: Report) =>
        ok ? undefined : `it fails at the stage "${stages.find(({ state }) => state === "failed")?.stage}"`,
    },
    {
      id: "7.2",
      title: "alerts in the fullest partition",
      hints: [
        "perPartition has rows with value, the partition, and count, the largest first.",
        "The count of the first row is the answer.",
      ],
      solution: "const fullest = perPartition[0].count;",
      answer: (alerts: FromKafka) => Math.max(...perPartition(alerts).values()),
      mistakes: (alerts: FromKafka) => {
        const counts = perPartition(alerts);
        const most = Math.max(...counts.values());
        const fullest = [...counts].filter(([, count]) => count === most).map(([partition]) => partition);
        return [
          ...fullest.map((value) => ({ value, is: "its number; how many lie in it is asked for" })),
          { value: Math.min(...counts.values()), is: "the emptiest of those that hold any" },
        ];
      },
    },
    {
      id: "7.3",
      title: "alerts left for the group",
      hints: ["Subscribe as above with place alone.", "Count the stream; the count is awaited."],
      solution: 'const left = await subscribe("practice-stream", place).count();',
      answer: (alerts: FromKafka) => timesSent * alerts.length - alreadyRead,
      mistakes: (alerts: FromKafka) => [
        {
          value: timesSent * alerts.length,
          is: "all that the topic holds: without the name of the group one begins anew",
        },
        { value: alreadyRead, is: "what the group had read before" },
        { value: alerts.length - alreadyRead, is: "what is left of the night when it is sent once; it was sent twice" },
      ],
    },
    {
      id: "7.4",
      title: "nJy in a unit of ELAsTiCC",
      hints: ["The common view has the flux in nJy: one.fluxNJy.", "Divide it by one.packet.diaSource.psFlux."],
      solution: "const factor = one.fluxNJy / one.packet.diaSource.psFlux;",
      answer: () => elasticcNJy,
      tolerance: 0.01,
      mistakes: () => [{ value: 1 / elasticcNJy, is: "the other way round: units of ELAsTiCC in a nanojansky" }],
    },
    {
      id: "7.5",
      title: "a filter for supernovae",
      hints: [
        "A supernova shines where the template has no light: diaSource.templateFlux is null.",
        "So does an asteroid, but that has an ssSource.",
        "Three conditions: no templateFlux, no ssSource, and a realBogus of 0.5 or more.",
      ],
      solution: `const keep = (a: (typeof alerts)[0]) =>
  a.packet.diaSource.templateFlux === null && a.packet.ssSource === null && a.realBogus >= 0.5;`,
      lacks: filterGoal({ purity: 0.9, completeness: 0.9 }),
    },
  ],
};
