import type { Admin } from "kafkajs";

/** Settings of a topic by name, as the broker has them; what it does not know is left out. */
export async function topicConfig(
  admin: Admin,
  topic: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { ConfigResourceTypes } = require("kafkajs") as typeof import("kafkajs");
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [...names] }];
  const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false });
  return new Map((found[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
}
