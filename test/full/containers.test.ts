import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { freePort } from "../../src/engine/ports";
import { engineStatus } from "../../src/engine/status";
import { type ContainerService, startContainerService, withoutContainers } from "../containers/service";
import { dataFolder, needs, root } from "../helpers/data";

const execute = promisify(execFile);
const reason = withoutContainers();
if (reason) console.warn(`skipped: containers (${reason})`);

/** Reads the stream with the TypeScript kernel of the image, as a notebook does. */
const NOTEBOOK = `
import nbformat
from nbclient import NotebookClient
lines = ['import { subscribe } from "alert-bootcamp";', 'const night = await subscribe("ztf-stream");',
         'const alerts = await night.toArray();', 'console.log("alerts", alerts.length);']
cell = nbformat.v4.new_code_cell("\\n".join(lines))
NotebookClient(nbformat.v4.new_notebook(cells=[cell]), timeout=120, kernel_name="tslab").execute()
print("".join(output.get("text", "") for output in cell.outputs))
`;

// The real docker-compose.yml, Dockerfile and setup_docker.sh, with stand-ins for the two base images.
describe.skipIf((reason && !process.env.CI) || needs.data())("the bootcamp in containers", () => {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-docker-"));
  const before = { ...process.env };
  let service: ContainerService;
  const run = (program: string, ...args: string[]) =>
    execute(program, args, { cwd: root, env: process.env, maxBuffer: 1 << 26 });

  beforeAll(async () => {
    service = await startContainerService(`bootcamp-test-${process.pid}`);
    delete process.env.KAFKA_BOOTSTRAP;
    Object.assign(process.env, service.env, {
      BOOTCAMP_HOME: home,
      KAFKA_PORT: String(await freePort()),
      NOTEBOOK_PORT: String(await freePort()),
      JUPYTER_TOKEN: "for-this-test",
      BOOTCAMP_DATA: dataFolder("ztf"),
      STREAM_EVERY: "0.01",
    });
  }, 900_000);
  afterAll(async () => {
    await stopEngine({ reset: true }).catch(() => undefined);
    await service?.stop();
    process.env = before;
    rmSync(home, { recursive: true, force: true });
  });

  it("setup_docker.sh builds, starts Kafka and waits until it is healthy", async () => {
    const { stdout } = await run("./setup_docker.sh");
    expect(stdout).toContain(`Kafka is healthy on 127.0.0.1:${process.env.KAFKA_PORT}`);
    expect(stdout.trimEnd()).toMatch(/\nNext: .*$/);
  });

  it("the engine takes up that container, and says what it is", async () => {
    const engine = await startEngine({ engine: "docker" });
    expect(engine).toMatchObject({ engine: "docker", bootstrap: `127.0.0.1:${process.env.KAFKA_PORT}` });
    expect(await engineStatus()).toMatchObject({ engine: "docker", reachable: true, topics: 0 });
  });

  it("carries 9.5 MB", async () => {
    const kafka = new Kafka({ brokers: [`127.0.0.1:${process.env.KAFKA_PORT}`], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    const producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.createTopics({ topics: [{ topic: "big", numPartitions: 1 }], waitForLeaders: true });
    await producer.send({ topic: "big", messages: [{ value: Buffer.alloc(9_500_000) }] });
    expect((await admin.fetchTopicOffsets("big"))[0]).toMatchObject({ high: "1" });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  it("the stream publishes, and a notebook in the container reads it all", async () => {
    await run("docker-compose", "--profile", "stream", "up", "-d", "notebook", "stream");
    const id = async (name: string) =>
      (await run("docker-compose", "--profile", "stream", "ps", "-q", name)).stdout.trim();
    expect((await service.podman("wait", await id("stream"))).trim()).toBe("0");
    const { stdout: log } = await run("docker-compose", "--profile", "stream", "logs", "--no-color", "stream");
    const sent = Number(/(\d+) alerts acknowledged/.exec(log)?.[1]);
    expect(sent).toBeGreaterThan(50);
    const notebook = await id("notebook");
    const script = ["exec", "-w", "/bootcamp/notebooks", notebook, "/opt/venv/bin/python", "-c", NOTEBOOK];
    expect(await service.podman(...script)).toContain(`alerts ${sent}`);
    expect((await service.podman("exec", notebook, "id", "-u")).trim()).toBe("1000");
  });

  it("JupyterLab answers on the loopback address, and only with its token", async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${process.env.NOTEBOOK_PORT}/api/kernelspecs`, { headers });
    await vi.waitUntil(() => ask({}).catch(() => undefined), { timeout: 60_000 });
    expect((await ask({})).status).toBe(403);
    const answer = await ask({ Authorization: "token for-this-test" });
    expect(await answer.json()).toMatchObject({ kernelspecs: { tslab: { spec: { language: "typescript" } } } });
    const published = (await service.podman("ps", "--format", "{{.Ports}}")).split("\n").filter(Boolean);
    expect(published.length).toBe(2);
    for (const ports of published) expect(ports).toMatch(/^127\.0\.0\.1:/);
  });

  it("down leaves no container, and with reset no data", async () => {
    await stopEngine({ reset: true });
    expect(await service.podman("ps", "-aq")).toBe("");
    expect(await service.podman("volume", "ls", "-q")).toBe("");
  });
});
