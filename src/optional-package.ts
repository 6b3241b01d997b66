import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "./errors";
import { projectRoot } from "./version";

/** The command that installs it in the version that is tested here. */
function installCommand(name: string): string {
  const { peerDependencies, overrides } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
    overrides: Record<string, string | object>;
  };
  const install = `npm install ${name}@${peerDependencies[name]!.replace("^", "")}`;
  if (name !== "danfojs-node") return install;
  // two packages of danfo's would be fetched from outside the registry; npm heeds overrides of the project alone
  const given = Object.entries(overrides).filter(([, other]) => typeof other === "string");
  const set = given.map(([replaced, other]) => `'overrides[${replaced}]=${other}'`);
  return `npm pkg set ${set.join(" ")} && ${install}`;
}

/**
 * Where a package is that a checkout has and a project that installs the library need not have: few use it, and it is large.
 *
 * @param name one of `peerDependencies`
 * @param use what needs it, as the subject of a sentence
 * @returns the file that `require` loads
 * @throws MISSING_PROGRAM with the command that installs it
 * @example
 * findPackage("zeromq", "the notebook kernel");
 */
export function findPackage(name: string, use: string): string {
  try {
    return require.resolve(name);
  } catch (cause) {
    throw new BootcampError("MISSING_PROGRAM", `${use} needs the package ${name}, which is not installed`, {
      remedy: `run: ${installCommand(name)}`,
      cause,
    });
  }
}

/**
 * Loads such a package.
 *
 * @throws MISSING_PROGRAM with the command that installs it
 * @example
 * const { chromium } = optionalPackage<typeof import("playwright-core")>("playwright-core", "plot.save");
 */
export const optionalPackage = <T>(name: string, use: string): T => require(findPackage(name, use)) as T;
