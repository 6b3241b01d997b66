import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEngine, stopEngine } from "../../src/engine/engine";
import { isBootcampError } from "../../src/errors";
import { readCommitted } from "../filter/committed";
import { needs } from "../helpers/data";
import { atHome } from "../helpers/kafka";
import { cannotMount } from "./form";
import { namesOf, Sending } from "./sending";

const mount = (...args: string[]) => execFileSync("mount", args, { stdio: "pipe" });

/** Kafka preallocates indexes of 10 MB per partition, sparsely; the disk has to hold what is really written. */
const smallMB = 40;

describe.skipIf(needs.python() || cannotMount())("a disk that is full", () => {
  // room for the name of the cluster, for the configuration as well, and for less than Kafka prepares
  it.each([1, 2, 3])("is named with its folder when Kafka starts on it: %s blocks", async (blocks) => {
    const home = mkdtempSync(join(tmpdir(), "bootcamp-full-disk-"));
    const disk = join(home, "kafka");
    mkdirSync(disk);
    mount("-t", "tmpfs", "-o", `nr_blocks=${blocks}`, "tmpfs", disk);
    try {
      await expect(atHome(home, () => startEngine({ engine: "local", port: 0 }))).rejects.toMatchObject({
        message: expect.stringMatching(/the disk of .*kafka.* is full$/),
      });
    } finally {
      await atHome(home, () => stopEngine());
      execFileSync("umount", ["-l", disk]);
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("is an error of publish, and what was acknowledged is there when there is room again", {
    timeout: 300_000,
  }, async () => {
    const home = mkdtempSync(join(tmpdir(), "bootcamp-full-disk-"));
    const disk = join(home, "kafka");
    mkdirSync(disk);
    mount("-t", "tmpfs", "-o", `size=${smallMB}m`, "tmpfs", disk);
    try {
      await atHome(home, async () => {
        const topic = "crowded";
        const { bootstrap, brokers } = await startEngine({ engine: "local", port: 0 });
        const sending = new Sending({ bootstrap, topic, perVisit: 20, fast: true, padding: 50_000 });
        const failure = await sending.report.catch((error: unknown) => error);
        expect([isBootcampError(failure), String(failure)]).toEqual([true, expect.stringContaining(bootstrap)]);
        expect(sending.visits).toBeGreaterThan(5);

        mount("-o", "remount,size=400m", disk);
        await startEngine({ engine: "local", port: brokers[0]!.port });
        const keys = readCommitted(bootstrap, topic).map(({ key }) => key!);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toEqual(expect.arrayContaining(namesOf(sending.acknowledged)));
        const again = new Sending({ bootstrap, topic: "roomy", perVisit: 20, fast: true, padding: 50_000 });
        await again.more(3);
        await again.end();
        await stopEngine({ reset: false });
      });
    } finally {
      await atHome(home, () => stopEngine());
      execFileSync("umount", ["-l", disk]);
      rmSync(home, { recursive: true, force: true });
    }
  });
});
