import { checkoutFile, kafkaFolder, kafkaVersion } from "../paths";
import { fetchJars, type Jars, jarsAreThere } from "./maven";
import { requireJava } from "./toolchain";

const jars = (): Jars => ({ pom: checkoutFile("docker", "kafka", "pom.xml"), place: kafkaFolder() });

/** True when the jars of the pinned release are there, fetched with the Maven file as it is now. */
export const kafkaIsInstalled = (): boolean => jarsAreThere(jars());

/** Fetches the jars (about 54 MB) unless they are there; true when it did. The caller holds the setup lock. */
export async function installKafka(say: (line: string) => void, signal?: AbortSignal): Promise<boolean> {
  if (kafkaIsInstalled()) return false;
  await requireJava(signal);
  say(`Fetching Apache Kafka ${kafkaVersion()} with Maven (54 MB, once)`);
  await fetchJars(jars(), "the Kafka jars", signal);
  return true;
}
