import { practiceEnvFile, type SecureState, secureFile } from "../../broker/engine-state";
import { BootcampError } from "../../errors";
import { privateFolder } from "../../private-files";
import { checkoutFile, engineHome } from "../paths";
import {
  type Background,
  isRunning,
  readBackground,
  readLog,
  startBackground,
  stopBackground,
} from "../process/background";
import { LOOPBACK, type PortChoice } from "../process/ports";
import { lastLines } from "../process/programs";
import { untilReady } from "../process/until-ready";
import { prepareCertificates } from "./certificates";
import { type SecureSettings, secureSettings } from "./config";
import { PRACTICE_USER, practiceSecrets, writeProfiles } from "./practice";
import { KEYS_PATH, prepareTokenKey, TOKEN_PATH } from "./tokens";

/** Name of the service of tokens among what runs in the background. */
const TOKENS = "tokens";
/** It has nothing to finish. */
const STOP_SECONDS = 2;
const READY_SECONDS = 30;

/**
 * Makes ready what a secure engine needs before it starts: ports, certificates, secrets and the practice profiles.
 *
 * @param port of the listener without a lock, or 0; the others take the next three where these are free
 * @param ports of this start
 */
export async function prepareSecure(
  port: number,
  ports: PortChoice,
): Promise<{ secure: SecureState; settings: SecureSettings }> {
  await closeTokens(); // of a start that was killed before its end
  const near = async (wanted: number) =>
    port > 0 && wanted <= 65_535 && (await ports.claim(wanted)) ? wanted : ports.any();
  const secure: SecureState = {
    bootstrap: `${LOOPBACK}:${await near(port + 1)}`,
    mtlsBootstrap: `${LOOPBACK}:${await near(port + 2)}`,
    tokenUrl: `http://${LOOPBACK}:${await near(port + 3)}${TOKEN_PATH}`,
    envFile: practiceEnvFile(),
  };
  privateFolder(secureFile());
  await prepareCertificates(PRACTICE_USER);
  prepareTokenKey();
  const secrets = practiceSecrets();
  writeProfiles(secure, secrets);
  return { secure, settings: secureSettings(secure, secrets.password) };
}

/**
 * Starts the service of tokens, unless it runs, and resolves when it answers. Kafka asks it for its keys as it starts.
 *
 * @throws ENGINE_FAILED when it ends or does not answer
 */
export async function openTokens(secure: SecureState, signal?: AbortSignal): Promise<void> {
  const before = readBackground(TOKENS);
  await untilTokens(before && (await isRunning(before)) ? before : startTokens(secure), secure, signal);
}

/** Ends that service; resolves true when it ran. */
export const closeTokens = (): Promise<boolean> => stopBackground(TOKENS, STOP_SECONDS);

function startTokens({ tokenUrl }: SecureState): Background {
  return startBackground(TOKENS, {
    program: process.execPath,
    args: [checkoutFile("dist", "engine", "secure", "token-endpoint.js"), new URL(tokenUrl).port],
    env: { ...process.env, BOOTCAMP_HOME: engineHome() },
    settings: {},
  });
}

async function untilTokens(service: Background, { tokenUrl }: SecureState, signal?: AbortSignal): Promise<void> {
  const failure = await untilReady({
    what: "Starting Kafka",
    seconds: READY_SECONDS,
    signal,
    lives: () => isRunning(service),
    isReady: async () => {
      const answer = await fetch(new URL(KEYS_PATH, tokenUrl), { signal: AbortSignal.timeout(2000) });
      await answer.arrayBuffer();
      return true;
    },
  });
  if (!failure) return;
  throw new BootcampError("ENGINE_FAILED", `The service of tokens did not start:\n${lastLines(readLog(TOKENS), 3)}`, {
    where: service.log,
    remedy: "npm run build, then npx alerts up --secure again",
  });
}
