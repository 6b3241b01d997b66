import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineRoot } from "../paths";
import { brokerProperties } from "./broker-config";

const broker = { id: 1, pid: 0, port: 9092, controllerPort: 9093, config: "", log: "" };
const local = new Map(
  brokerProperties(broker, [broker])
    .split("\n")
    .flatMap((line) => [...line.matchAll(/^([a-z.]+)=(.*)$/g)].map((match) => [match[1]!, match[2]!] as const)),
);
const compose = new Map(
  [
    ...readFileSync(join(engineRoot, "docker-compose.yml"), "utf8").matchAll(/^ +KAFKA_([A-Z_]+): "?([^"\n]*)"?$/gm),
  ].map((match) => [match[1]!.toLowerCase().replaceAll("_", "."), match[2]!]),
);

describe("the broker of docker-compose.yml", () => {
  it("has the sizes, counts and times of the local one", () => {
    const isFigure = ([, value]: readonly [string, string]) => /^(\d+|true|false)$/.test(value);
    const shared = [...compose].filter((one) => isFigure(one) && local.has(one[0]));
    expect(shared.length).toBeGreaterThan(15);
    expect(shared.filter(([name, value]) => local.get(name) !== value)).toEqual([]);
    expect(shared.map(([name]) => name)).toContain("offsets.retention.minutes");
  });

  it("keeps the places of groups for years, as the local one does", () => {
    expect(Number(local.get("offsets.retention.minutes"))).toBeGreaterThan(5 * 365 * 24 * 60);
  });
});
