import type { Part } from "./exercise";

/** Exercises of `2_connect_and_read`. */
export const part2: Part = {
  part: 2,
  title: "Connect and read",
  exercises: [
    {
      id: "2.1",
      title: "count what the topic holds",
      hints: ["subscribe() gives a stream.", "A stream can count itself: .count().", "The count has to be awaited."],
      solution: 'const received = await subscribe("ztf-stream").count();',
    },
    {
      id: "2.2",
      title: "read a nested field",
      hints: [
        "The survey's own packet is under alert.packet.",
        "The score is packet.candidate.rb; it may be null.",
        "Count the alerts for which it is at least 0.65: a comparison with null or NaN is false.",
      ],
      solution: "const real = night.filter((a) => (a.packet.candidate.rb ?? 0) >= 0.65).length;",
    },
    {
      id: "2.3",
      title: "ask the same in SQL",
      hints: [
        "count(objectId) counts rows; an object that sent three alerts is counted three times.",
        "DISTINCT inside the brackets counts each value once.",
        "SELECT count(DISTINCT objectId) AS objects FROM alerts",
      ],
      solution: 'const [answer] = await explore.sql(night, "SELECT count(DISTINCT objectId) AS objects FROM alerts");',
    },
  ],
};
