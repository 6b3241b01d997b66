import { expect, it } from "vitest";
import { isSlip, nearestNames } from "./topic-access";

it.each([
  ["ztf_stream", "ztf-stream"],
  ["ZTF-Stream", "ztf-stream"],
  ["ztf-straem", "ztf-stream"],
  ["zft-stream", "ztf-stream"],
  ["lsst-strean", "lsst-stream"],
])("%s is a slip for %s", (typed, meant) => {
  expect(isSlip(typed, meant)).toBe(true);
  expect(nearestNames(typed, ["lsst-night", "elasticc", meant, "a"])[0]).toBe(meant);
});

it.each([
  ["night-1", "night-2"],
  ["ztf-stream", "lsst-stream"],
  ["ztf-stream", "ztf-stream"],
  ["in", "on"],
  ["public.alerts.ztf", "public.alerts.lsst"],
])("%s is none for %s", (typed, other) => {
  expect(isSlip(typed, other)).toBe(false);
});
