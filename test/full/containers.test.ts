import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { freePort } from "../../src/engine/process/ports";
import { engineStatus } from "../../src/engine/status";
import { createTopic } from "../../src/kafka/admin/topics";
import { subscribe } from "../../src/kafka/read/subscribe";
import { readyCuts } from "../../src/select/ready/registry";
import { type ContainerService, startContainerService, withoutContainers } from "../containers/service";
import { caughtUp, joined } from "../faults/group-progress";
import { placeOf, readCommitted } from "../filter/committed";
import { dataFolder, needs, root } from "../helpers/data";

const execute = promisify(execFile);
const reason = withoutContainers();
if (reason) console.warn(`skipped: containers (${reason})`);

/** What Prometheus answers to a query or when asked for its targets. */
interface Answer {
  data: { result: { value: [number, string] }[]; activeTargets: { scrapeUrl: string; health: string }[] };
}

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

// The real docker-compose.yml, Dockerfiles and setup_docker.sh, with stand-ins for the images that others publish.
describe.skipIf((reason && !process.env.CI) || needs.data())("the bootcamp in containers", () => {
  const home = mkdtempSync(join(tmpdir(), "bootcamp-docker-"));
  const before = { ...process.env };
  let service: ContainerService;
  const run = (program: string, ...args: string[]) =>
    execute(program, args, { cwd: root, env: process.env, maxBuffer: 1 << 26 });

  beforeAll(async () => {
    service = await startContainerService();
    delete process.env.KAFKA_BOOTSTRAP;
    delete process.env.COMPOSE_PROJECT_NAME;
    Object.assign(process.env, service.env, {
      BOOTCAMP_HOME: home,
      KAFKA_PORT: String(await freePort()),
      NOTEBOOK_PORT: String(await freePort()),
      PROMETHEUS_PORT: String(await freePort()),
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

  const idOf = async (name: string) =>
    (await run("docker-compose", "--profile", "stream", "--profile", "monitoring", "ps", "-q", name)).stdout.trim();
  /** Starts the service "stream" and waits for its end; how many alerts it published. */
  const publishAll = async () => {
    await run("docker-compose", "--profile", "stream", "up", "-d", "stream");
    expect((await service.podman("wait", await idOf("stream"))).trim()).toBe("0");
    const { stdout: log } = await run("docker-compose", "--profile", "stream", "logs", "--no-color", "stream");
    return Number(/(\d+) alerts acknowledged/.exec(log)?.[1]);
  };
  /** What `podman ps` says of the ports of each running container. */
  const published = async () => (await service.podman("ps", "--format", "{{.Ports}}")).split("\n").filter(Boolean);

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
    await admin.createTopics({ topics: [{ topic: "big", numPartitions: 1 }], waitForLeaders: false });
    await vi.waitFor(() => admin.fetchTopicOffsets("big"), 20_000); // kafkajs's own wait gives up on a busy broker
    await producer.send({ topic: "big", messages: [{ value: Buffer.alloc(9_500_000) }] });
    expect((await admin.fetchTopicOffsets("big"))[0]).toMatchObject({ high: "1" });
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  });

  it("the stream publishes, and a notebook in the container reads it all", async () => {
    await run("docker-compose", "up", "-d", "notebook");
    const sent = await publishAll();
    expect(sent).toBeGreaterThan(50);
    const notebook = await idOf("notebook");
    const script = ["exec", "-w", "/bootcamp/notebooks", notebook, "/opt/venv/bin/python", "-c", NOTEBOOK];
    expect(await service.podman(...script)).toContain(`alerts ${sent}`);
    expect((await service.podman("exec", notebook, "id", "-u")).trim()).toBe("1000");
  });

  it("workers of the profile filter share a topic, select each alert once, and print their books at the end", async () => {
    const [topic, group] = ["ztf-scaled", "filter-ztf-scaled"];
    Object.assign(process.env, { STREAM_TOPIC: topic, FILTER_TOPIC: topic, FILTER_CAP: "1000" });
    const quiet = { bootstrap: `127.0.0.1:${process.env.KAFKA_PORT}`, progress: false };
    const compose = (...args: string[]) => run("docker-compose", "--profile", "filter", ...args);
    await createTopic(topic, { ...quiet, partitions: 4 });
    await compose("up", "-d", "--scale", "filter=2", "filter");
    await joined(quiet.bootstrap, group, 2);
    const sent = await publishAll();
    await caughtUp(quiet.bootstrap, group);
    await compose("stop", "filter");
    const { stdout: log } = await compose("logs", "--no-color", "filter");
    const shares = [...log.matchAll(/interrupted after (\d+) alerts/g)].map(([, count]) => Number(count));
    expect(shares).toHaveLength(2);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(shares[0]! + shares[1]!).toBe(sent);
    expect(log.match(/the books balance/g)).toHaveLength(2);
    const pure = await (await subscribe(topic, quiet)).filter(readyCuts["ztf-purity"]).toArray();
    const places = pure.map(({ origin }) => origin.kind === "kafka" && `${topic}/${origin.partition}/${origin.offset}`);
    expect(places.length).toBeGreaterThan(10);
    expect(readCommitted(quiet.bootstrap, `${topic}.ztf-purity`).map(placeOf).sort()).toEqual(places.sort());
  });

  it("every address that JupyterLab prints can be opened", async () => {
    const { stdout: log } = await run("docker-compose", "logs", "--no-color", "notebook");
    const ports = [...log.matchAll(/http:\/\/[\w.-]+:(\d+)\/\S*token=/g)].map(([, port]) => port);
    expect(ports.length).toBeGreaterThan(0);
    expect([...new Set(ports)]).toEqual([process.env.NOTEBOOK_PORT]);
  });

  it("the command is there, its advice can be followed, and what it keeps outlives the container", async () => {
    const inside = async (...args: string[]) => service.podman("exec", await idOf("notebook"), ...args);
    expect(await inside("alerts", "topics", "list")).toContain("ztf-stream");
    const nothing = await inside("sh", "-c", "mkdir -p /tmp/none && alerts read /tmp/none 2>&1 || true");
    expect(nothing).toMatch(/npx alerts download \d+ fetches some/);
    await inside(
      "sh",
      "-c",
      "mkdir -p $BOOTCAMP_HOME && echo '{}' > $BOOTCAMP_HOME/progress.json && touch $HOME/.kept",
    );
    await run("docker-compose", "up", "-d", "--force-recreate", "notebook");
    expect(await inside("sh", "-c", "cat $BOOTCAMP_HOME/progress.json; ls -a $HOME")).toMatch(/\{\}.*\.kept/s);
    expect((await inside("stat", "-c", "%a", "/home/node")).trim()).toBe("2770");
    expect((await inside("cat", "/proc/1/comm")).trim()).not.toMatch(/node|python|jupyter/); // init: true
  });

  it("the home can be written by whoever NOTEBOOK_USER names", async () => {
    const recreate = (NOTEBOOK_USER: string) =>
      execute("docker-compose", ["up", "-d", "--force-recreate", "notebook"], {
        cwd: root,
        env: { ...process.env, NOTEBOOK_USER },
      });
    await recreate("12345:12345");
    const script = "id -u; touch $HOME/mine && mkdir $HOME/theirs && echo written";
    expect(await service.podman("exec", await idOf("notebook"), "sh", "-c", script)).toMatch(/12345\s+written/);
    await recreate("1000:1000");
  });

  it("JupyterLab answers on the loopback address, and only with its token", async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${process.env.NOTEBOOK_PORT}/api/kernelspecs`, { headers });
    await vi.waitUntil(() => ask({}).catch(() => undefined), { timeout: 60_000 });
    expect((await ask({})).status).toBe(403);
    const answer = await ask({ Authorization: "token for-this-test" });
    expect(await answer.json()).toMatchObject({ kernelspecs: { tslab: { spec: { language: "typescript" } } } });
    expect(await published()).toEqual(Array(2).fill(expect.stringMatching(/^127\.0\.0\.1:/)));
  });

  it("the profile monitoring has Prometheus collect what the broker and the monitor measure", async () => {
    // as docker-compose.yml says it is done: bring it up, then restart Kafka; without Grafana, which has no stand-in
    const services = ["agent", "monitor", "prometheus"];
    await run("docker-compose", "--profile", "monitoring", "up", "-d", "--build", ...services);
    expect((await service.podman("wait", await idOf("agent"))).trim()).toBe("0");
    await run("docker-compose", "restart", "kafka");
    const ask = async (path: string) =>
      ((await (await fetch(`http://127.0.0.1:${process.env.PROMETHEUS_PORT}/api/v1/${path}`)).json()) as Answer).data;
    const value = async (expr: string) => {
      const rows = (await ask(`query?query=${encodeURIComponent(expr)}`)).result;
      return rows.length === 1 && Number(rows[0]!.value[1]);
    };
    // the 9.5 MB of above are still there after the restart, and the broker says so
    const size = 'kafka_log_size_bytes{job="kafka",instance="broker-1",topic="big",partition="0"}';
    const wait = { timeout: 120_000, interval: 500 };
    await vi.waitUntil(() => ask("targets").catch(() => undefined), wait);
    await vi.waitUntil(async () => Number(await value(size)) > 9_500_000, wait);
    await vi.waitUntil(async () => (await value('alerts_broker_up{job="alerts"}')) === 1, wait);
    const targets = (await ask("targets")).activeTargets.map(({ scrapeUrl, health }) => `${scrapeUrl} ${health}`);
    expect(targets.sort()).toEqual(["http://kafka:9404/metrics up", "http://monitor:9464/metrics up"]);
    // the agent is the broker's alone: a tool run in its container does not want the same port
    const tool = ["/opt/kafka/bin/kafka-broker-api-versions.sh", "--bootstrap-server", "localhost:19092"];
    expect(await service.podman("exec", await idOf("kafka"), ...tool)).toContain("kafka:19092");
    expect(await published()).toEqual(
      Array(3).fill(expect.stringMatching(`^127\\.0\\.0\\.1:\\d+->(9092|9090|${process.env.NOTEBOOK_PORT})/tcp$`)),
    );
  });

  it("down leaves no container, and with reset no data", async () => {
    await stopEngine({ reset: true });
    expect(await service.podman("ps", "-aq")).toBe("");
    expect(await service.podman("volume", "ls", "-q")).toBe("");
  });
});
