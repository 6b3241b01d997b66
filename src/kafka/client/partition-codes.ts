import { BootcampError } from "../../errors";
import type { WireReader } from "./wire";

/**
 * Kafka's error code for each of the partitions that were asked about; 0 for one where all is well.
 *
 * @param answer at its list of topics
 * @param restBytes of a partition, behind the code
 * @throws KAFKA_REFUSED when the answer is not for exactly these partitions
 */
export function partitionCodes(
  answer: WireReader,
  asked: readonly { readonly topic: string; readonly partition: number }[],
  restBytes = 0,
): number[] {
  const codes = new Map<string, number>();
  let answers = 0;
  answer.array(false, () => {
    const topic = answer.string(false);
    answer.array(false, () => {
      codes.set(`${topic}[${answer.int32()}]`, answer.int16());
      answer.view(restBytes);
      answers++;
    });
  });
  return asked.map(({ topic, partition }) => {
    const code = codes.get(`${topic}[${partition}]`);
    if (code !== undefined && answers === asked.length) return code;
    throw new BootcampError(
      "KAFKA_REFUSED",
      `Expected Kafka to answer for ${topic}[${partition}], it answered for something else`,
      {
        where: topic,
        remedy: `the topic may have been recreated with fewer partitions: npx alerts topics describe ${topic}; then send again`,
      },
    );
  });
}
