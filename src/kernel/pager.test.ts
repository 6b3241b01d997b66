import { expect, it } from "vitest";
import { nameAsked } from "./pager";

it.each([
  ["Math.sin?", "Math.sin"],
  ["?fetch", "fetch"],
  [" console.log?? \n", "console.log"],
  ["a ? b : c", undefined],
  ["a?.b", undefined],
  ["a\nb?", undefined],
  ["a ?? b", undefined],
])("%j asks about %j", (code, name) => expect(nameAsked(code)).toBe(name));
