import { Kafka, logLevel, type Message } from "kafkajs";

/** Sends messages just as they are, whatever is in them, by a client that is not the library's own. */
export async function sendMessages(bootstrap: string, topic: string, messages: Message[]): Promise<void> {
  const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}
