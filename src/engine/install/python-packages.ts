import { join } from "node:path";
import { BootcampError } from "../../errors";
import { lastLines, run } from "../process/programs";

/** Installs what takes pip a minute in a few seconds. Source: https://docs.astral.sh/uv */
const UV = "uv==0.13.9";

/** Where pip's users say packages come from, which uv reads from variables of its own. */
const UV_NAMES: Readonly<Record<string, string>> = {
  "index-url": "UV_DEFAULT_INDEX",
  "extra-index-url": "UV_INDEX",
  "find-links": "UV_FIND_LINKS",
  "no-index": "UV_NO_INDEX",
  cert: "SSL_CERT_FILE",
  proxy: "ALL_PROXY",
};

/** The strongest last. */
const PIP_SOURCES = ["global", "user", "site", ":env:"];

/** The variables of uv for what `pip config list` prints, e.g. `global.index-url='https://…'`. */
export function uvSettings(pipConfig: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const source of PIP_SOURCES) {
    for (const [, from, name, value] of pipConfig.matchAll(/^([\w:]+)\.([\w-]+)='(.*)'$/gm)) {
      const own = UV_NAMES[name!];
      if (own && from === source) settings[own] = value!.replaceAll("\\n", " ").trim();
    }
  }
  return settings;
}

/**
 * Installs pinned packages into a Python environment: with uv, and where that cannot be had or fails (an odd platform, a
 * setting that only pip knows) with pip, whose error is the one that is told.
 *
 * @throws DOWNLOAD when pip cannot either
 */
export async function installPackages(venv: string, requirements: string[], signal?: AbortSignal): Promise<void> {
  const files = requirements.flatMap((file) => ["-r", file]);
  const uv = join(venv, "bin", "uv");
  const fetched = await pip(venv, ["install", UV], signal);
  if (fetched?.code === 0) {
    const known = uvSettings((await pip(venv, ["config", "list"], signal))?.stdout ?? "");
    const env = { ...process.env, ...known, VIRTUAL_ENV: venv };
    const installed = await run(uv, ["pip", "install", "--quiet", ...files], { signal, env });
    if (installed?.code === 0) return;
  }
  const answer = await pip(venv, ["install", ...files], signal);
  if (answer?.code === 0) return;
  throw new BootcampError(
    "DOWNLOAD",
    `pip could not install the pinned packages:\n${lastLines(answer?.stderr ?? "", 3)}`,
    {
      remedy: "check the network and pip's settings (python3 -m pip config list), then run: npx alerts setup",
    },
  );
}

const pip = (venv: string, [command, ...args]: string[], signal?: AbortSignal) => {
  // byte code of a whole environment is half of pip's time, and most of it is never run: Python makes what it imports
  const quick = command === "install" ? ["--quiet", "--no-compile", "--no-input"] : [];
  const line = ["-m", "pip", "--disable-pip-version-check", command!, ...quick, ...args];
  return run(join(venv, "bin", "python"), line, { signal });
};
