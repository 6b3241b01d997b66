import { expect, it } from "vitest";
import { describeItem } from "./alert-stream";
import { parsePlace, placeText } from "./place";

it("writes a place of a message in one form, and reads it back", () => {
  const place = { topic: "ztf_20181129.programid1", partition: 12, offset: 2n ** 55n };
  const text = placeText(place.topic, place.partition, place.offset);
  expect(text).toBe("ztf_20181129.programid1[12]@36028797018963968");
  expect(parsePlace(text)).toEqual(place);
  expect(describeItem({ origin: { kind: "kafka", ...place } })).toBe(text);
  for (const wrong of ["", "t/0/1", "0/1", "t[0]", "t[0]@-1", "t[x]@1", "t[0]@1 ", "t[0]@99999999999999999999"])
    expect(() => parsePlace(wrong), wrong).toThrow(/topic\[partition\]@offset/);
});
