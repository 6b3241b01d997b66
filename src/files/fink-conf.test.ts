import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readFinkConf } from "./fink-conf";

const folder = mkdtempSync(join(tmpdir(), "bootcamp-conf-"));
afterAll(() => rmSync(folder, { recursive: true }));
const conf = (text: string, environment = {}) => {
  const path = join(folder, "test.conf");
  writeFileSync(path, text);
  return readFinkConf(path, environment);
};

describe("readFinkConf", () => {
  it("reads a conf in the manner of fink_simulator, with variables, quotes and comments", () => {
    const text = `# comment
KAFKA_PORT_SIM=29092
KAFKA_IPPORT_SIM="localhost:\${KAFKA_PORT_SIM}"  # after a value
KAFKA_IPPORT=""

export KAFKA_TOPIC='elasticc-$im'
FINK_DATA_SIM=\${FINK_ALERT_SIMULATOR}/datasim
DISPLAY_FIELD=diaSource,midPointTai
NALERTS_PER_OBS=5
NOBSERVATIONS=-1
TIME_INTERVAL=0.5
EXTERNAL_SCHEMA="$SCHEMAS/a b.avsc"
NPARTITIONS=\${PARTS:-10}
`;
    expect(conf(text, { FINK_ALERT_SIMULATOR: "/sim", SCHEMAS: "/schemas" })).toEqual({
      alertsPerObservation: 5,
      observations: Number.POSITIVE_INFINITY,
      intervalSeconds: 0.5,
      displayField: "diaSource.midPointTai",
      schemaFile: "/schemas/a b.avsc",
      partitions: 10,
      topic: "elasticc-$im",
      bootstrap: "localhost:29092",
      data: "/sim/datasim",
    });
  });

  it("has fink_simulator's defaults", () => {
    expect(conf("")).toMatchObject({
      alertsPerObservation: 3,
      observations: 4,
      intervalSeconds: 5,
      displayField: "objectId",
      schemaFile: null,
      partitions: 1,
      bootstrap: null,
    });
    expect(conf("DISPLAY_FIELD=None").displayField).toBeNull();
  });

  it("refuses, with the line, what it does not know or would have to run", () => {
    const failures = [
      ["NALERTS=3", /:1: one of the keys NALERTS_PER_OBS/],
      ["# x\nKAFKA_TOPIC=$(date)", /:2: a value that can be read without running/],
      ["KAFKA_TOPIC=`date`", /without running/],
      ['KAFKA_TOPIC="open', /a closing "/],
      ["KAFKA_TOPIC=a b", /nothing after the value/],
      ["if true; then", /a line KEY=value/],
      ["FINK_DATA_SIM=$NOWHERE/x", /a variable that is set, got "\$NOWHERE"/],
      ["NALERTS_PER_OBS=0", /NALERTS_PER_OBS of 1 or more, or -1 for all, got "0"/],
      ["NPARTITIONS=-1", /NPARTITIONS of 1 or more, got/],
      ["NOBSERVATIONS=", /NOBSERVATIONS of 1 or more/],
      ["TIME_INTERVAL=0", /TIME_INTERVAL above 0 s/],
      ["TIME_INTERVAL=-5", /TIME_INTERVAL above 0 s/],
    ] as const;
    for (const [text, message] of failures) {
      expect(() => conf(text)).toThrow(message);
      expect(() => conf(text)).toThrow(expect.objectContaining({ code: "USAGE", exitCode: 2 }));
    }
    expect(() => readFinkConf(join(folder, "absent.conf"))).toThrow(
      expect.objectContaining({ code: "FILE_NOT_FOUND" }),
    );
  });
});
