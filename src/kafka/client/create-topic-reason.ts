interface Answer {
  topicErrors: { topic: string; errorCode: number; errorMessage?: string | null }[];
}
interface Response {
  parse(answer: Answer): Promise<unknown>;
}

let isMended = false;

/**
 * Has the error of a topic that was not created say Kafka's own sentence, such as "Topic 'a.b' collides with existing
 * topic: a_b". kafkajs 2.2.4 decodes it and throws it away. Once; it does not matter who loaded kafkajs before.
 */
export function keepTopicReasons(): void {
  if (isMended) return;
  isMended = true;
  for (const version of [1, 2, 3]) {
    const response = require(`kafkajs/src/protocol/requests/createTopics/v${version}/response`) as Response;
    const { parse } = response;
    response.parse = (answer) =>
      parse(answer).catch((error: { errors?: (Error & { topic?: string })[] }) => {
        for (const one of error.errors ?? []) {
          const reason = answer.topicErrors.find(({ topic }) => topic === one.topic)?.errorMessage;
          if (reason) one.message = reason;
        }
        throw error;
      });
  }
}
