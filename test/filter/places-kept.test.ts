import { ConfigResourceTypes, Kafka, logLevel } from "kafkajs";
import { expect, inject, it } from "vitest";

it("the place of a filter that rests is kept for years, as long as what it has selected", async () => {
  const admin = new Kafka({ brokers: [inject("bootstrap")], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const configNames = ["offsets.retention.minutes"];
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name: "1", configNames }],
    });
    const values = resources[0]!.configEntries.map(({ configName, configValue }) => [configName, Number(configValue)]);
    expect(values).toEqual([["offsets.retention.minutes", 10 * 365 * 24 * 60]]);
  } finally {
    await admin.disconnect();
  }
});
