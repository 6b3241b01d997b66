import { distinct, type Seen } from "./data";
import type { Part } from "./exercise";
import { filterGoal } from "./filter-goal";

const scored = (night: readonly Seen[], field: "rb" | "drb") =>
  night.filter((a) => Number(a.packet.candidate[field] ?? Number.NaN) >= 0.65).length;

/** Exercises of `2_connect_and_read`. */
export const part2: Part = {
  part: 2,
  title: "Connect and read",
  exercises: [
    {
      id: "2.1",
      title: "alerts in the topic",
      hints: [
        'subscribe("ztf-stream", { until: "end" }) gives a stream of the night.',
        "A stream can count itself: .count().",
        "The count has to be awaited.",
      ],
      solution: 'const received = await subscribe("ztf-stream", { until: "end" }).count();',
      answer: (night: readonly Seen[]) => night.length,
    },
    {
      id: "2.2",
      title: "alerts with rb of 0.65 or more",
      hints: [
        "The survey's own packet is under alert.packet.",
        "The score is packet.candidate.rb; it may be null.",
        "Count the alerts for which it is at least 0.65: a comparison with null or NaN is false.",
      ],
      solution: "const real = night.filter((a) => (a.packet.candidate.rb ?? 0) >= 0.65).length;",
      answer: (night: readonly Seen[]) => scored(night, "rb"),
      mistakes: (night: readonly Seen[]) => [
        { value: night.length - scored(night, "rb"), is: "those that look wrong: below 0.65, or without a score" },
        { value: scored(night, "drb"), is: "counted by drb, the other score" },
      ],
    },
    {
      id: "2.3",
      title: "different objects",
      hints: [
        "count(objectId) counts rows; an object that sent three alerts is counted three times.",
        "DISTINCT inside the brackets counts each value once.",
        "SELECT count(DISTINCT objectId) AS objects FROM alerts",
      ],
      solution: 'const [answer] = await explore.sql(night, "SELECT count(DISTINCT objectId) AS objects FROM alerts");',
      answer: (night: readonly Seen[]) => distinct(night, (a) => a.objectId),
      mistakes: (night: readonly Seen[]) => [
        { value: night.length, is: "rows, not objects: each object counts once, DISTINCT" },
        { value: distinct(night, (a) => a.band), is: "bands" },
      ],
    },
    {
      id: "2.4",
      title: "a filter for asteroids",
      hints: [
        "a.packet.candidate.ssdistnr is small for them, and negative for what has none near it.",
        "Both limits together: 0 or more, and 5 or less.",
        "Artefacts beside an asteroid pass as well: ask for a drb of 0.5 or more besides.",
      ],
      solution: `const mine = ({ packet: { candidate } }: Alert) =>
  candidate.ssdistnr >= 0 && candidate.ssdistnr <= 5 && candidate.drb >= 0.5;`,
      lacks: filterGoal({ purity: 0.8, completeness: 0.9 }),
    },
  ],
};
