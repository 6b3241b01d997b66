import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { KafkaConfig } from "kafkajs";
import type { SecureState } from "../../broker/engine-state";
import { mendKafkajs } from "../../broker/mend-kafkajs";
import { BootcampError } from "../../errors";
import { ping } from "../ping";
import { aborted } from "../process/programs";
import { certificateFiles } from "./certificates";
import { PRACTICE_GROUPS, PRACTICE_USER, practiceSecrets } from "./practice";
import { setScramPassword } from "./scram-request";

/** A broker knows of a new user within milliseconds of the controller. */
const ADMIT_SECONDS = 20;

/**
 * Sees to it that the practice user can log in and read, and nothing else, whatever the data folder knew before.
 * Resolves when a login over the secure listener has worked.
 *
 * @param bootstrap the administrator's listener
 * @throws ENGINE_FAILED when the login does not work
 */
export async function admitPracticeUser(bootstrap: string, secure: SecureState, signal?: AbortSignal): Promise<void> {
  await grantRights(bootstrap);
  const { password } = practiceSecrets();
  let problem = await whyNoLogin(secure, password);
  // data of a plain engine have no user, emptied ones lost it, and the password may be a new one
  if (problem) await setScramPassword(bootstrap, PRACTICE_USER, password);
  for (const end = Date.now() + ADMIT_SECONDS * 1000; problem; await wait(50)) {
    problem = await whyNoLogin(secure, password);
    if (signal?.aborted) throw aborted("Starting Kafka");
    if (problem && Date.now() > end) {
      throw new BootcampError("ENGINE_FAILED", `The practice user cannot log in: ${problem.message}`, {
        where: secure.bootstrap,
        remedy: "npx alerts down, then npx alerts up --secure --reset",
        cause: problem,
      });
    }
  }
}

/**
 * What a name may begin with for the practice user to read that topic. Not `*`: Kafka's own topics begin with `_`, and
 * `__consumer_offsets` holds what every group has read.
 */
const TOPIC_PREFIXES = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];

/** Reading topics, which includes describing them, in groups of the user's own prefix. Rights that are there stay. */
async function grantRights(bootstrap: string): Promise<void> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } =
    require("kafkajs") as typeof import("kafkajs");
  mendKafkajs();
  const admin = new Kafka({ brokers: [bootstrap], clientId: "alerts-secure", logLevel: logLevel.NOTHING }).admin();
  const allow = { principal: `User:${PRACTICE_USER}`, host: "*", permissionType: AclPermissionTypes.ALLOW };
  const reading = { ...allow, operation: AclOperationTypes.READ, resourcePatternType: ResourcePatternTypes.PREFIXED };
  const topics = TOPIC_PREFIXES.map((resourceName) => ({
    ...reading,
    resourceType: AclResourceTypes.TOPIC,
    resourceName,
  }));
  const groups = { ...reading, resourceType: AclResourceTypes.GROUP, resourceName: PRACTICE_GROUPS };
  try {
    await admin.connect();
    await admin.createAcls({ acl: [...topics, groups] });
    // data of an earlier release hold the right to all
    const literal = { resourceType: AclResourceTypes.TOPIC, resourcePatternType: ResourcePatternTypes.LITERAL };
    await admin.deleteAcls({
      filters: [{ ...allow, ...literal, resourceName: "*", operation: AclOperationTypes.ANY }],
    });
  } finally {
    await admin.disconnect().catch(() => {}); // the rights are granted, or their error is on the way
  }
}

async function whyNoLogin({ bootstrap }: SecureState, password: string): Promise<Error | undefined> {
  const settings: Pick<KafkaConfig, "ssl" | "sasl"> = {
    ssl: { ca: [readFileSync(certificateFiles.ca(), "utf8")] },
    sasl: { mechanism: "scram-sha-512", username: PRACTICE_USER, password },
  };
  try {
    await ping(bootstrap, { settings });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
