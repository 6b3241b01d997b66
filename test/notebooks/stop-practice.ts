import { existsSync } from "node:fs";
import { join } from "node:path";
import { stopEngine } from "../../src/engine/engine";
import { atHome } from "../helpers/kafka";

/** Ends the Kafka that Part 7 starts, for a run that failed before its last cell. */
export async function stopPractice(home: string): Promise<void> {
  const practice = join(home, "practice");
  if (existsSync(practice)) await atHome(practice, () => stopEngine({ reset: true }));
}
