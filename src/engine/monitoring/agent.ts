import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BrokerState } from "../../broker/engine-state";
import { BootcampError } from "../../errors";
import { fetchJars, type Jars, jarsAreThere } from "../install/maven";
import { checkoutFile, sharedFolder } from "../paths";
import { withLock } from "../process/lock";
import { LOOPBACK, type PortChoice } from "../process/ports";

const jars = (): Jars => ({
  pom: checkoutFile("docker", "monitoring", "pom.xml"),
  place: join(sharedFolder(), "jmx-exporter"),
});

/** Fetches the Java agent (3 MB) unless it is there. */
export async function installAgent(say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const file = join(sharedFolder(), "setup.lock");
  await withLock(
    file,
    async () => {
      if (jarsAreThere(jars())) return;
      say("Fetching the monitoring agent for Kafka with Maven (3 MB, once)");
      await fetchJars(jars(), "the monitoring agent", signal);
    },
    { signal, onWait: (pid) => say(`Waiting for another installation (process ${pid}, lock ${file})`) },
  );
}

/** Has the broker show its measurements to Prometheus, at a port of its own on the loopback address. */
export async function addAgent(broker: BrokerState, ports: PortChoice): Promise<void> {
  const libs = join(jars().place, "libs");
  const jar = readdirSync(libs).find((name) => name.startsWith("jmx_prometheus_javaagent"));
  if (!jar) throw new BootcampError("ENGINE_FAILED", `Expected the monitoring agent in ${libs}, it is not there`);
  broker.metrics = `${LOOPBACK}:${await ports.any()}`;
  const rules = checkoutFile("docker", "monitoring", "kafka-jmx.yml");
  broker.jvm = [...(broker.jvm ?? []), `-javaagent:${join(libs, jar)}=${broker.metrics}:${rules}`];
}
