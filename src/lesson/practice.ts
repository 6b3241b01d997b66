import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { BootcampError } from "../errors";
import { bootcampHome, projectRoot } from "../version";

/** A Kafka with locks for a lesson. */
export interface PracticeBroker {
  /** Its door without a lock, `127.0.0.1:port`: the administrator's, through which a lesson publishes. */
  readonly bootstrap: string;
  /** The file of the profile `practice` and its variants. Holds a password. */
  readonly envFile: string;
  /** Stops it, removes what it held, and forgets the profiles. */
  stop(): Promise<void>;
}

/**
 * Starts a Kafka with TLS and logins beside the one that runs the other lessons, as `alerts up --secure` does, in a folder
 * and on ports of its own. It is empty; one that was left running there is stopped first. The profiles `practice`,
 * `practice-plain`, … are put into the environment of this process, and it is stopped when this process ends.
 *
 * @throws ENGINE_FAILED with what the command said: Java is missing, there is no memory, …
 * @example
 * const practice = await lesson.startPractice();
 * console.log(await kafka.probe({ profile: "practice" }));
 * await practice.stop();
 */
export async function startPractice(): Promise<PracticeBroker> {
  const home = join(bootcampHome(), "practice");
  const bootstrap = await alerts(home, ["up", "--secure", "--engine", "local", "--port", "0", "--reset"]);
  const envFile = join(home, "secure", "practice.env");
  const profiles = parseEnv(readFileSync(envFile, "utf8"));
  Object.assign(process.env, profiles);
  const abandon = () => spawn(process.execPath, [...command, ...down], { ...detached, env: envOf(home) }).unref();
  process.once("exit", abandon); // of a kernel that is shut down before the last cell
  const stop = async () => {
    process.off("exit", abandon);
    for (const name of Object.keys(profiles)) delete process.env[name];
    await alerts(home, down);
  };
  return { bootstrap, envFile, stop };
}

const command = [join(projectRoot, "dist", "cli", "main.js")];
const down = ["down", "--reset"];
const detached = { detached: true, stdio: "ignore" } as const;
/** A folder of its own, and no settings of another broker. */
const envOf = (home: string) => ({ ...process.env, BOOTCAMP_HOME: home, KAFKA_BOOTSTRAP: "", KAFKA_PROFILE: "" });

/** Runs a command of this project. */
async function alerts(home: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...command, ...args], { env: envOf(home) });
    return stdout.trim();
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? "").trim() || String(error);
    throw new BootcampError("ENGINE_FAILED", `Expected alerts ${args[0]} to end well, it said:\n${said}`, {
      where: home,
      remedy: "npx alerts doctor tells what is missing",
      cause: error,
    });
  }
}
