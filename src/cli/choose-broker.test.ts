import { describe, expect, it } from "vitest";
import { brokerProfile } from "../broker/credentials";
import { chooseBroker } from "./choose-broker";

const login = { KAFKA_USERNAME: "jo", KAFKA_PASSWORD: "secret" };
const fink = { FINK_BOOTSTRAP: "fink:9092,fink:9093", FINK_USERNAME: "jo", FINK_PASSWORD: "secret" };

/** Where a call without options goes after the choice, and whether it logs in. */
function chosen(options: Parameters<typeof chooseBroker>[0], env: NodeJS.ProcessEnv) {
  const own = { ...env };
  chooseBroker(options, own);
  const { name, bootstrap, settings } = brokerProfile(undefined, own);
  return [name, bootstrap, settings.sasl !== undefined];
}

describe("-b and --profile", () => {
  it("send a login only to the broker that it belongs to", () => {
    const own = { ...login, KAFKA_BOOTSTRAP: "far:9092" };
    expect(chosen({ bootstrap: "far:9092" }, own)).toEqual(["kafka", "far:9092", true]);
    expect(chosen({ bootstrap: "other:9092" }, own)).toEqual(["kafka", "other:9092", false]);
    expect(chosen({ bootstrap: "other:9092" }, login)).toEqual(["kafka", "other:9092", false]);
    expect(chosen({ bootstrap: "other:9092" }, { ...fink, KAFKA_PROFILE: "fink" })).toEqual([
      "kafka",
      "other:9092",
      false,
    ]);
    expect(chosen({ bootstrap: "fink:9093" }, { ...fink, KAFKA_PROFILE: "fink" })).toEqual(["fink", "fink:9093", true]);
  });

  it("use the login of a profile that is named together with an address", () => {
    expect(chosen({ profile: "fink" }, fink)).toEqual(["fink", "fink:9092,fink:9093", true]);
    expect(chosen({ profile: "fink", bootstrap: "near:9092" }, fink)).toEqual(["fink", "near:9092", true]);
  });

  it("refuse what is no address before anything is asked", () => {
    for (const bootstrap of ["", "far", "far:x", "http://far:9092", "far:0"])
      expect(() => chooseBroker({ bootstrap }, {})).toThrow(/a broker's address as host:port/);
  });
});
