import type { Part } from "./exercise";

/** Exercises of `7_real_brokers`; `practice` is the broker, `alerts` what the topic held first, `one` the polled alert. */
export const part7: Part = {
  part: 7,
  title: "Real brokers",
  exercises: [
    {
      id: "7.1",
      title: "a colleague's profile",
      hints: [
        "The line above the verdict names the stage that fails, the problem and a remedy.",
        'The right address is in process.env["PRACTICE_BOOTSTRAP"]; it ends with an exclamation mark in TypeScript, since it might be missing.',
        "User names are not the same in capitals.",
      ],
      solution:
        'const repair: Record<string, string> = { BOOTSTRAP: process.env["PRACTICE_BOOTSTRAP"]!, USERNAME: "alice" };',
    },
    {
      id: "7.2",
      title: "the fullest partition",
      hints: [
        "perPartition has rows with value, the partition, and count, the largest first.",
        "The count of the first row is the answer.",
      ],
      solution: "const fullest = perPartition[0]!.count;",
    },
    {
      id: "7.3",
      title: "what is left for a group",
      hints: ["Subscribe as above with place alone.", "Count the stream; the count is awaited."],
      solution: 'const left = await subscribe("practice-stream", place).count();',
    },
    {
      id: "7.4",
      title: "the unit of ELAsTiCC",
      hints: ["The common view has the flux in nJy: one.fluxNJy.", "Divide it by one.packet.diaSource.psFlux."],
      solution: "const factor = one.fluxNJy / one.packet.diaSource.psFlux;",
    },
  ],
};
