import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BootcampError } from "../errors";
import { clearDrafts, swapIn } from "./drafts";
import { checkoutFile, fingerprint, kafkaFolder, kafkaVersion } from "./paths";
import { lastLines, run } from "./programs";
import { requireJava, requireMaven } from "./toolchain";

const pom = () => checkoutFile("docker", "kafka", "pom.xml");
const STAMP = "pom.fingerprint";

/** True when the jars of the pinned release are there, fetched with the Maven file as it is now. */
export function kafkaIsInstalled(): boolean {
  const stamp = join(kafkaFolder(), STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint([pom()]);
}

/** Fetches the jars (about 54 MB) unless they are there; true when it did. The caller holds the setup lock. */
export async function installKafka(say: (line: string) => void, signal?: AbortSignal): Promise<boolean> {
  if (kafkaIsInstalled()) return false;
  await requireJava(signal);
  const maven = await requireMaven(signal);
  const place = kafkaFolder();
  clearDrafts(place);
  const draft = `${place}.new-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  say(`Fetching Apache Kafka ${kafkaVersion()} with Maven (54 MB, once)`);
  try {
    // Maven reads the copy: a pom.xml edited meanwhile must not end under the wrong fingerprint
    copyFileSync(pom(), join(draft, "pom.xml"));
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${join(draft, "libs")}`];
    const answer = await run(maven.program, ["-q", "-B", "-f", join(draft, "pom.xml"), ...goal], { signal });
    if (answer?.code !== 0) {
      throw new BootcampError(
        "DOWNLOAD",
        `Maven could not fetch the Kafka jars:\n${lastErrors(`${answer?.stdout}\n${answer?.stderr}`)}`,
        { remedy: "check the network and the settings in ~/.m2, then run: npx alerts setup" },
      );
    }
    writeFileSync(join(draft, STAMP), fingerprint([join(draft, "pom.xml")]));
    swapIn(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}

/** Maven ends with ten lines of advice; what went wrong stands in its first lines marked ERROR. */
function lastErrors(text: string): string {
  const errors = text.split("\n").filter((line) => /\[ERROR\]|^\[FATAL\]/.test(line) && line.length > 12);
  return errors.length > 0 ? lastLines(errors.slice(0, 2).join("\n"), 2) : lastLines(text);
}
