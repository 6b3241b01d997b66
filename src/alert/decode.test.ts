import { describe, expect, it } from "vitest";
import { writeContainer } from "../avro/container-write";
import { parseSchema } from "../avro/schema";
import { decodeAlert, decodeAlerts } from "./decode";

const schema = parseSchema({ type: "record", name: "d.alert", fields: [{ name: "alertId", type: "int" }] });
const container = (...ids: number[]) =>
  writeContainer(
    schema,
    ids.map((alertId) => schema.type.toBuffer({ alertId })),
  );

describe("decodeAlert", () => {
  it("reads the one alert of a container", () => {
    expect(decodeAlert(container(7)).packet.alertId).toBe(7);
  });

  it("drops none of several: it refuses them, and names what reads them", () => {
    expect(() => decodeAlert(container(7, 8))).toThrow(
      expect.objectContaining({ code: "USAGE", remedy: "read them with decodeAlerts" }),
    );
    expect([...decodeAlerts(container(7, 8))].map(({ packet }) => packet.alertId)).toEqual([7, 8]);
  });

  it("refuses none at all", () => {
    expect(() => decodeAlert(container())).toThrow(expect.objectContaining({ code: "NO_ALERTS" }));
  });
});
