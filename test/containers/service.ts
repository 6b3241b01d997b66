import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../helpers/data";

const execute = promisify(execFile);
const programs = ["podman", "buildah", "runc", "docker", "docker-compose", "debootstrap", "tini", "mvn", "prometheus"];

/** Why containers cannot be run here, or undefined. Everything is needed in CI. */
export function withoutContainers(): string | undefined {
  const onPath = (name: string) =>
    [...(process.env.PATH ?? "").split(":"), "/usr/sbin"].some((folder) => existsSync(join(folder, name)));
  const absent = programs.filter((name) => !onPath(name));
  if (absent.length > 0) return `without ${absent.join(", ")}`;
  return process.getuid?.() === 0 ? undefined : "not root";
}

export interface ContainerService {
  /** Environment under which docker, docker-compose and podman talk to this service. */
  env: NodeJS.ProcessEnv;
  podman(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A Docker service with storage of its own, holding stand-ins for the base images; see podman.sh. The name of the Compose
 * project is left to Compose, as it is for whoever follows docker-compose.yml in a folder of any name.
 */
export async function startContainerService(): Promise<ContainerService> {
  const folder = mkdtempSync(join(tmpdir(), "bootcamp-containers-"));
  const socket = `unix://${join(folder, "docker.sock")}`;
  const { COMPOSE_PROJECT_NAME: _, ...inherited } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    PATH: `${process.env.PATH}:/usr/sbin`,
    CONTAINERS_CONF: join(folder, "containers.conf"),
    CONTAINERS_STORAGE_CONF: join(folder, "storage.conf"),
    DOCKER_HOST: socket,
  };
  // the place is named in every call: a missing setting must not lead to the containers of the person at this machine
  const place = ["--root", join(folder, "storage"), "--runroot", join(folder, "run")];
  const podman = async (...args: string[]) => (await execute("podman", [...place, ...args], { env })).stdout;
  let service: ChildProcess | undefined;
  let beat: Promise<void> | undefined;
  let stopped = false;
  const stop = async () => {
    stopped = true;
    await beat;
    await podman("rm", "--all", "--force", "--time", "0").catch(() => "");
    await podman("network", "prune", "--force").catch(() => "");
    service?.kill();
    await execute("umount", [join(folder, "storage", "overlay")]).catch(() => undefined); // podman's own bind mount
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await execute(join(root, "test/containers/podman.sh"), [folder, root], { env, maxBuffer: 1 << 26 });
    service = spawn("podman", [...place, "system", "service", "--time=0", socket], { env, stdio: "ignore" });
    await execute("docker", ["version"], { env }).catch(() => undefined);
    beat = beatHealth();
    return { env, podman, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  /** Podman leaves health checks to systemd, which a container host has and a test machine may not. */
  async function beatHealth(): Promise<void> {
    while (!stopped) {
      const ids = (await podman("ps", "-q").catch(() => "")).split("\n").filter(Boolean);
      await Promise.all(ids.map((id) => podman("healthcheck", "run", id).catch(() => "")));
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}
