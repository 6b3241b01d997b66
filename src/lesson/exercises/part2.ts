import type { Part } from "./exercise";

/** Exercises of `2_connect_and_read`. */
export const part2: Part = {
  part: 2,
  title: "Connect and read",
  exercises: [
    {
      id: "2.1",
      title: "count what the topic holds",
      hints: ["subscribe() gives a stream.", "A stream can count itself: .count().", "Both have to be awaited."],
      solution: 'const received = await (await subscribe("ztf-stream")).count();',
    },
    {
      id: "2.2",
      title: "read a nested field",
      hints: [
        "The survey's own packet is under alert.packet.",
        "The score is packet.candidate.rb; it may be null.",
        "Count the alerts for which it is at least 0.65: a comparison with null or NaN is false.",
      ],
      solution: "const real = night.filter((a) => a.packet.candidate.rb >= 0.65).length;",
    },
    {
      id: "2.3",
      title: "ask the same in SQL",
      hints: [
        "sql(alerts, query) makes the alerts the table alerts.",
        "Group by band and count.",
        "SELECT band, count(*) AS n FROM alerts GROUP BY band ORDER BY band",
      ],
      solution:
        'const perBand = await sql(night, "SELECT band, count(*) AS n FROM alerts GROUP BY band ORDER BY band");',
    },
  ],
};
