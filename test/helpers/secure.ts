import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { StartEngineOptions } from "../../src/engine/engine-options";
import { startTestKafka, type TestKafka } from "./kafka";

export interface SecureKafka extends TestKafka {
  /** `<home>/secure/practice.env`. */
  envFile: string;
  /** Its settings, by the names of the file: `PRACTICE_BOOTSTRAP` and so on. */
  env: Record<string, string>;
}

/**
 * A secure Kafka of its own, as `alerts up --secure` starts it: `bootstrap` is the administrator's address, `env` has
 * those of the practice user. A few seconds; once for a test file, in beforeAll. Its profiles are found by code that
 * runs with BOOTCAMP_HOME set to `home` (see `atHome`).
 */
export async function startSecureKafka(options: StartEngineOptions = {}): Promise<SecureKafka> {
  const kafka = await startTestKafka({ ...options, secure: true });
  const envFile = join(kafka.home, "secure", "practice.env");
  // for a run that is ended before its teardown; before the helper of Kafka removes the folder
  const abandon = () => endTokens(kafka.home);
  process.prependOnceListener("exit", abandon);
  const stop = async () => {
    await kafka.stop();
    process.off("exit", abandon);
  };
  return { ...kafka, stop, envFile, env: readEnv(envFile) };
}

function endTokens(home: string): void {
  try {
    process.kill((JSON.parse(readFileSync(join(home, "tokens.json"), "utf8")) as { pid: number }).pid);
  } catch {
    // it has ended, and its file is gone
  }
}

export const readEnv = (file: string) => parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
