import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

interface Packet {
  readonly packet: {
    readonly ssSource: unknown;
    readonly diaSource: { readonly diaObjectId: bigint | null; readonly reliability: number | null };
  };
}
interface WithTruth {
  readonly alerts: readonly Packet[];
  readonly truth: readonly { readonly isReal: boolean }[];
}
const moving = (alerts: readonly Packet[]) => alerts.filter(({ packet }) => packet.ssSource !== null).length;
const linkIs = (alerts: readonly Packet[], link: bigint | null) =>
  alerts.filter(({ packet }) => packet.diaSource.diaObjectId === link).length;
/** What a limit of 0.5 on the wrong quantity keeps, of the artefacts or of the real ones. */
const kept = ({ alerts, truth }: WithTruth, isReal: boolean) =>
  truth.filter((row, i) => row.isReal === isReal && (alerts[i]!.packet.diaSource.reliability ?? 1) < 0.5).length;

/** Exercises of `6_schema_drift`; `bodies` holds the night in five versions, `rubin` what came back from Kafka. */
export const part6: Part = {
  part: 6,
  title: "Schema drift",
  exercises: [
    {
      id: "6.1",
      title: "alerts of 10.0 that a 9.0 reader loses",
      hints: [
        'fits(body, "9.0") is true for a record that 9.0 reads to the end.',
        "filter(…) the bodies of 10.0 by its opposite, !fits(…), and take the length.",
      ],
      solution: 'const lost = bodies[2].filter((body) => !fits(body, "9.0")).length;',
      answer: moving, // its oracle: only the parts about the Solar System were changed
      mistakes: (alerts: readonly Packet[]) => [
        { value: alerts.length - moving(alerts), is: "those that it reads" },
        { value: alerts.length, is: "all of them" },
      ],
    },
    {
      id: "6.2",
      title: "artefacts that the old filter keeps",
      hints: [
        'readAs(body, "4.0").packet.diaSource.spuriousness is the value; the truth is in the same order as the bodies.',
        "Make the list of the values first, as the line below does; row number i of the truth belongs to value number i.",
        "lsstNight.truth.filter((row, i) => …).length; two conditions are joined by &&, and ! turns isReal round.",
      ],
      solution: `const seen = bodies[0].map((body) => readAs(body, "4.0").packet.diaSource.spuriousness as number);
const artefacts = lsstNight.truth.filter((row, i) => !row.isReal && seen[i] < 0.5).length;`,
      answer: (data: WithTruth) => kept(data, false),
      mistakes: (data: WithTruth) => [
        { value: kept(data, false) + kept(data, true), is: "all that it keeps" },
        { value: kept(data, true), is: "the real ones that it keeps" },
        { value: data.truth.filter((row) => !row.isReal).length, is: "all artefacts, kept or not" },
      ],
    },
    {
      id: "6.3",
      title: "alerts without a diaObject",
      hints: [
        "Count the alerts whose link is null or 0n.",
        "null and 0n are both false where a condition is asked for: !link is true for either.",
      ],
      solution: "const unlinked = rubin.filter((a) => !a.packet.diaSource.diaObjectId).length;",
      answer: moving, // its oracle: what moves belongs to no object
      mistakes: (alerts: readonly Packet[]) => [
        { value: linkIs(alerts, null), is: "those with null; until 9.0 none was written as 0" },
        { value: linkIs(alerts, 0n), is: "those with 0; since 10.0 none is written as null" },
      ],
    },
    {
      id: "6.4",
      title: "alerts that can be read",
      hints: [
        "avro.registerSchema(1200, next) comes first; it gives nothing back.",
        "A stream that has been made reads the topic anew each time: subscribe(drift), then .count().",
        "The count has to be awaited.",
      ],
      solution: `avro.registerSchema(1200, next);
const readable = await subscribe(drift, { progress: false }).count();`,
      answer: ({ before, added }: { before: readonly unknown[]; added: readonly unknown[] }) =>
        before.length + added.length,
      mistakes: ({ before, added }: { before: readonly unknown[]; added: readonly unknown[] }) => [
        { value: before.length, is: "as many as before: the schema is not known yet" },
        { value: added.length, is: "the new ones alone" },
      ],
    },
    {
      id: "6.5",
      title: "a filter for both ends of the decade",
      hints: [
        "Look what the packet of one of the first and of one of the last has under diaSource.",
        "What is absent is undefined, and a ?? b gives b where a is: reliability ?? something made of spuriousness.",
        "A spuriousness of 0.1 is a reliability of 0.9.",
      ],
      solution: `const mine = ({ packet: { diaSource } }: Alert) =>
  (diaSource.reliability ?? 1 - diaSource.spuriousness) >= 0.5;`,
      lacks: filterGoal({ purity: 0.9, completeness: 0.9 }),
    },
  ],
};
