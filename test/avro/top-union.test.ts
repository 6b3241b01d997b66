import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAlerts } from "../../src/alert/decode";
import { needs, reportFile } from "../helpers/data";
import { runPython } from "../helpers/python";

const oracle = `
import json, sys, fastavro
fastavro.read.LOGICAL_READERS.clear()
with open(sys.argv[1], "rb") as f:
    print(json.dumps([{k: str(v) for k, v in r.items()} for r in fastavro.reader(f)]))
`;

describe.skipIf(needs.reports() || needs.python())("a container whose schema is a list", () => {
  it("holds records of several types, each read by its own", () => {
    const path = reportFile("topunion.avro");
    const alerts = [...decodeAlerts(readFileSync(path))];
    const theirs: Record<string, string>[] = JSON.parse(runPython(oracle, [path]));
    expect(alerts.map((alert) => Object.keys(alert.packet))).toEqual(theirs.map((record) => Object.keys(record)));
    expect(alerts.map((alert) => String(alert.packet.id))).toEqual(theirs.map((record) => record["id"]));
    expect(alerts[0]).toMatchObject({ objectId: "o", ra: 1, dec: 2, mag: 17, band: "r" });
    // an alert on its own is a container that anybody reads
    for (const alert of alerts) expect([...decodeAlerts(alert.toContainer())].length).toBeGreaterThan(0);
  });
});
