import type { Part } from "./exercise";

/** Exercises of `6_schema_drift`; `bodies` holds the night in five versions, `rubin` what came back from Kafka. */
export const part6: Part = {
  part: 6,
  title: "Schema drift",
  exercises: [
    {
      id: "6.1",
      title: "what a reader of 9.0 loses",
      hints: [
        'fits(body, "9.0") is true for a record that 9.0 reads to the end.',
        "filter(…) the bodies of 10.0 by its opposite, !fits(…), and take the length.",
      ],
      solution: 'const lost = bodies[2]!.filter((body) => !fits(body, "9.0")).length;',
    },
    {
      id: "6.2",
      title: "a filter on the opposite quantity",
      hints: [
        'readAs(body, "4.0").packet.diaSource.spuriousness is the value; the truth is in the same order as the bodies.',
        "Make the list of the values first, as the line below does; row number i of the truth belongs to value number i.",
        "lsstNight.truth.filter((row, i) => …).length; two conditions are joined by &&, and ! turns isReal round.",
      ],
      solution: `const seen = bodies[0]!.map((body) => readAs(body, "4.0").packet.diaSource.spuriousness as number);
const artefacts = lsstNight.truth.filter((row, i) => !row.isReal && seen[i]! < 0.5).length;`,
    },
    {
      id: "6.3",
      title: "two ways to say: none",
      hints: [
        "Count the alerts whose link is null or 0n.",
        "null and 0n are both false where a condition is asked for: !link is true for either.",
      ],
      solution: "const unlinked = rubin.filter((a) => !a.packet.diaSource.diaObjectId).length;",
    },
    {
      id: "6.4",
      title: "register a schema",
      hints: [
        "avro.registerSchema(1200, next) comes first; it gives nothing back.",
        "A stream that has been made reads the topic anew each time: subscribe(drift), then .count().",
        "The count has to be awaited.",
      ],
      solution: `avro.registerSchema(1200, next);
const readable = await subscribe(drift, { progress: false }).count();`,
    },
  ],
};
