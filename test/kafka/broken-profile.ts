import { writeFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { generate } from "selfsigned";
import { expect } from "vitest";
import { kafkaClient } from "../../src/kafka/client/kafkajs";
import { probeBroker } from "../../src/kafka/probe/probe";
import { subscribe } from "../../src/kafka/read/subscribe";

/** Settings by their names without prefix; `undefined` takes one away. */
export type Change = Record<string, string | undefined>;

const login = ["SASL_MECHANISM", "USERNAME", "PASSWORD", "OAUTH_TOKEN_URL", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"];
const names = ["BOOTSTRAP", "CA_FILE", "CERT_FILE", "KEY_FILE", "GROUP_PREFIX", ...login];

/** Makes the profile `case`: the settings of a practice profile, but for what is changed. */
export function setProfile(env: Record<string, string>, change: Change, from = "PRACTICE_"): void {
  clearCase();
  const base = Object.fromEntries(names.map((name) => [name, env[from + name]]));
  for (const [name, value] of Object.entries({ ...base, ...change })) {
    if (value !== undefined) process.env[`CASE_${name}`] = value;
  }
}

export function clearCase(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith("CASE_")) delete process.env[name];
}

/** Closes a topic to the practice user. */
export async function denyTopic(bootstrap: string, topic: string): Promise<void> {
  const rule = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: "User:alice",
    host: "*",
    operation: AclOperationTypes.ALL,
    permissionType: AclPermissionTypes.DENY,
  };
  const admin = kafkaClient({ bootstrap }).admin();
  await admin.connect();
  await admin.createAcls({ acl: [rule] });
  await admin.disconnect();
}

/** A certificate that nobody else signed, with its key, as text and as files. */
export async function selfSigned(folder: string, name: string, options: Parameters<typeof generate>[1] = {}) {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], options);
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { cert, key, certFile, keyFile };
}

/** A server that is no Kafka, on a free port. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<{ address: string; close(): void }> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => open.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { address: `${host}:${(server.address() as AddressInfo).port}`, close };
}

/** The stage at which the profile `case` fails. */
export async function failedStage(topic = "night", group?: string) {
  const { ok, stages } = await probeBroker({ profile: "case", topic, group });
  const failed = stages.find(({ state }) => state === "failed");
  expect(ok).toBe(failed === undefined);
  return failed;
}

/** What reading with the profile `case` throws, at once or on the way. */
export async function errorOfReading(topic = "night", options: object = {}): Promise<any> {
  try {
    return await subscribe(topic, { profile: "case", waitSeconds: 0.5, progress: false, ...options }).toArray();
  } catch (error) {
    return error;
  }
}

/** Both ways of meeting the same trouble say the same. */
export async function expectBoth(
  stage: string,
  problem: string,
  code: string,
  words: RegExp,
  topic?: string,
  group?: string,
): Promise<void> {
  const failed = await failedStage(topic, group);
  expect(failed).toMatchObject({ stage, problem, found: expect.stringMatching(words), remedy: expect.any(String) });
  const error = await errorOfReading(topic, group === undefined ? {} : { group });
  expect(error).toMatchObject({ code, message: failed?.found, remedy: failed?.remedy });
}
