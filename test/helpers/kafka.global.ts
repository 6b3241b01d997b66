import type { ProvidedContext } from "vitest";
import { startTestKafka } from "./kafka";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of the Kafka that all test files of a run share: `inject("bootstrap")`. */
    bootstrap: string;
    /** Its folder: BOOTCAMP_HOME for a command that should find it. */
    bootcampHome: string;
  }
}

/** What is used of Vitest's TestProject; its own type lies in a package that CommonJS cannot import. */
interface Project {
  provide<K extends keyof ProvidedContext & string>(key: K, value: ProvidedContext[K]): void;
}

export default async function setup(project: Project): Promise<() => Promise<void>> {
  const kafka = await startTestKafka({ onProgress: (line) => console.log(line) });
  project.provide("bootstrap", kafka.bootstrap);
  project.provide("bootcampHome", kafka.home);
  return kafka.stop;
}
