import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { messageOf } from "../errors";
import { isInstalled } from "../version";
import { dockerDaemon, findCompose } from "./docker/compose";
import { newerThanBuild } from "./install/build-age";
import { kafkaIsInstalled } from "./install/install-kafka";
import { pythonIsInstalled } from "./install/install-python";
import { findJava, findMaven, findPython, MIN_JAVA, MIN_PYTHON } from "./install/toolchain";
import { checkoutFile, engineRoot, kafkaFolder, kafkaVersion } from "./paths";
import { installHints } from "./process/programs";
import { type EngineStatus, engineStatus } from "./status";

/** What {@link doctor} found of one thing. */
export interface DoctorCheck {
  name: string;
  /** `ok`; `missing` when it is needed; `unused` when it is absent and something else takes its place. */
  state: "ok" | "missing" | "unused";
  /** What was found: a version, a path, or why not. */
  found: string;
  /** What to do about it; only when it is not ok. */
  remedy?: string;
}

const OLDEST_NODE = [20, 19] as const;

/**
 * Looks at everything the bootcamp needs and says for each what was found and what to do if it is missing. Installs and
 * starts nothing.
 *
 * @example
 * const sick = (await engine.doctor()).filter((check) => check.state === "missing");
 */
export async function doctor(options: { signal?: AbortSignal } = {}): Promise<DoctorCheck[]> {
  const { signal } = options;
  const [daemon, compose, java, maven, python, status] = await Promise.all([
    dockerDaemon(signal),
    findCompose(signal),
    findJava(signal),
    findMaven(signal),
    findPython(signal),
    engineStatus().catch((error: unknown) => messageOf(error)),
  ]);
  const docker = "version" in daemon && compose !== undefined;
  const external = Boolean(process.env.KAFKA_BOOTSTRAP);
  // one of three ways to Kafka is enough
  const needsJava = !docker && !external;
  const jars = kafkaIsInstalled();
  const setup = "npx alerts setup";
  return [
    checkNode(),
    ...checkPackages(),
    checkBuild(),
    tool(`java ${MIN_JAVA}+`, java, needsJava, installHints.java),
    tool("maven", maven, needsJava && !jars, installHints.mvn),
    check(
      "kafka jars",
      jars,
      kafkaFolder(),
      `Kafka ${kafkaVersion()} is not here`,
      `${setup} (or npx alerts up)`,
      needsJava,
    ),
    tool(`python ${MIN_PYTHON.join(".")}+`, python, false, installHints.python),
    // everything but the notebooks works without
    check("jupyterlab", pythonIsInstalled("notebook"), jupyterVersion(), "not here, or out of date", setup, false),
    ...(isInstalled
      ? []
      : [
          check(
            "test oracles",
            pythonIsInstalled("test"),
            "fastavro, astropy, scipy",
            "not here",
            `${setup} --test`,
            false,
          ),
        ]),
    "version" in daemon
      ? check("docker daemon", true, daemon.version, "", "")
      : check("docker daemon", false, "", daemon.message, daemon.remedy ?? "", false),
    check("compose", compose !== undefined, compose?.version ?? "", "none", installHints.compose, false),
    checkKafka(status, external),
  ];
}

/** @param status or why it cannot be said */
function checkKafka(status: EngineStatus | string, external: boolean): DoctorCheck {
  if (typeof status === "string") {
    const [problem = "", remedy = ""] = status.split("\n  → ");
    return check("kafka", false, "", problem, remedy);
  }
  const { bootstrap, reachable, brokers, topics, problem } = status;
  return check(
    "kafka",
    reachable,
    `${bootstrap}, ${brokers.length} broker(s), ${topics ?? 0} topics`,
    brokers.length > 0 ? `${bootstrap} ${problem}` : `nothing answers at ${bootstrap}`,
    external ? "npx alerts doctor --broker tells why" : "npx alerts up",
    external,
  );
}

function check(name: string, ok: boolean, found: string, problem: string, remedy: string, needed = true): DoctorCheck {
  if (ok) return { name, state: "ok", found };
  return { name, state: needed ? "missing" : "unused", found: problem, remedy };
}

function tool(
  name: string,
  found: { version: string } | { found: string },
  needed: boolean,
  remedy: string,
): DoctorCheck {
  const version = "version" in found ? found.version : "";
  return check(name, version !== "", version, "found" in found ? found.found : "none", remedy, needed);
}

function checkBuild(): DoctorCheck {
  const isThere = existsSync(checkoutFile("dist", "index.js"));
  const newer = newerThanBuild(engineRoot);
  const problem = newer === undefined ? "not built" : `older than ${newer}`;
  return check("build", isThere && newer === undefined, "dist/", problem, "npm run build");
}

function checkNode(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const version = process.versions.node;
  return check(`node ${OLDEST_NODE.join(".")}+`, ok, version, version, installHints.node);
}

/** Packages of package.json that cannot be found, and the kernel that notebooks run on. */
function checkPackages(): DoctorCheck[] {
  const file = checkoutFile("package.json");
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(file, "utf8")) as Record<string, object>;
  // what is optional in a project of one's own is there in a checkout, whose notebooks use it
  const names = Object.keys({ ...dependencies, ...(isInstalled ? {} : peerDependencies) });
  const lookup = createRequire(file).resolve.paths("x") ?? [];
  const absent = names.filter((name) => !lookup.some((folder) => existsSync(join(folder, name, "package.json"))));
  const kernel = checkoutFile("dist", "kernel", "main.js");
  // a notebook imports the library by its name; the link is made by the build
  const link = lookup.some((folder) => existsSync(join(folder, "alert-bootcamp", "package.json")));
  return [
    check(
      "npm packages",
      absent.length === 0,
      `${names.length} of ${names.length}`,
      `without ${absent}`,
      isInstalled ? "npm install" : "npm ci",
    ),
    check("notebook kernel", existsSync(kernel), kernel, "not built", "npm run build"),
    check("notebook import", link, "alert-bootcamp", "notebooks cannot find alert-bootcamp", "npm run build"),
  ];
}

function jupyterVersion(): string {
  try {
    const pins = readFileSync(checkoutFile("docker", "notebook", "requirements.txt"), "utf8");
    return /^jupyterlab==(.+)$/m.exec(pins)?.[1] ?? engineRoot;
  } catch (error) {
    return messageOf(error);
  }
}
