import { describe, expect, it } from "vitest";
import { alertOf, list, orNull, record } from "../../../../test/helpers/schemas";

const source = {
  diaSourceId: "long",
  diaObjectId: orNull("long"),
  ssObjectId: orNull("long"),
  midpointMjdTai: "double",
  ra: "double",
  dec: "double",
  psfFlux: "float",
  band: "string",
};
const own = {
  diaSourceId: 11n,
  diaObjectId: null as bigint | null,
  ssObjectId: 22n as bigint | null,
  midpointMjdTai: 60800,
  ra: 1,
  dec: 2,
  psfFlux: 100,
  band: "r",
};
let made = 0;
const alertWith = (diaSource: object, history: object[], row: Record<string, unknown> = source) => {
  const name = `broker.n${made++}`;
  const schema = record({
    alertId: "long",
    diaSource: record(source, `${name}.main`),
    prvDiaSources: list(record(row, `${name}.row`)),
  });
  return alertOf(schema, { alertId: 77n, diaSource, prvDiaSources: history });
};

describe("the alert's own detection in its history", () => {
  it("is known by the id of the detection, not by that of the alert", () => {
    const alert = alertWith(own, [
      own,
      { ...own, diaSourceId: 12n, midpointMjdTai: 60799 },
      { ...own, diaSourceId: 77n, midpointMjdTai: 60798 },
    ]);
    expect([alert.alertId, alert.history.map((point) => point.alertId)]).toEqual([77n, [77n, 12n]]);
  });

  it("is not another source of the same visit", () => {
    const alert = alertWith(own, [own, { ...own, diaSourceId: 12n }]);
    expect(alert.history.map((point) => point.alertId)).toEqual([12n]);
  });

  it("is known by time and band where its rows have ids of another kind, or none", () => {
    const { diaSourceId: _, ...rest } = source;
    const alert = alertWith(
      own,
      [
        { ...own, candid: 77n },
        { ...own, candid: 5n, band: "g" },
        { ...own, candid: 6n, midpointMjdTai: 60799 },
      ],
      { ...rest, candid: "long" },
    );
    expect(alert.history.map((point) => point.alertId)).toEqual([6n, 5n]);
    expect(alertWith(own, [own], rest).history).toEqual([]);
  });

  it("is known by an id that is text in the one and a number in the other", () => {
    const rows = [{ ...own, diaSourceId: "11", midpointMjdTai: 60800.001 }];
    expect(alertWith(own, rows, { ...source, diaSourceId: "string" }).history).toEqual([]);
  });
});

describe("the object of an alert", () => {
  it("is the first that is there: a moving object has an id of its own", () => {
    expect(alertWith(own, []).objectId).toBe(22n);
    expect(alertWith({ ...own, diaObjectId: 0n }, []).objectId).toBe(22n);
    expect(alertWith({ ...own, diaObjectId: 33n }, []).objectId).toBe(33n);
    expect(alertWith({ ...own, ssObjectId: null }, []).objectId).toBe(null);
  });
});
