import { describe, it } from "vitest";
import { tslabSpec } from "../../src/engine/lab/kernelspec";
import { needs } from "../helpers/data";
import { notebooks, ownSet, withNights } from "../notebooks/run-part";

/** Those that can be run on a real night; the others make or bring their own. */
const onRealAlerts = notebooks.filter(({ part }) => part >= 2 && part <= 4);

describe.skipIf(needs.python() || needs.data())("the notebooks in a real kernel", () => {
  const nights = withNights();

  it.each(onRealAlerts)("$name, solved, passes every check on ztf alerts", (one) => nights.solved(one, "ztf"));

  it.each(notebooks)("$name, solved, passes every check", (one) => nights.solved(one, ownSet(one.part)));

  it("Part 1, solved, passes every check in tslab's own kernel as well", () =>
    nights.solved(notebooks[0]!, ownSet(1), tslabSpec()));

  const reading = notebooks.filter(({ part }) => part >= 2 && part <= 5);
  it.each(reading)("$name, solved, passes every check on a night that is being sent", (one) =>
    nights.sending(one, 0.4, 1),
  );
  it.each(reading)("$name, solved, passes every check on a night that is sent in a loop", (one) =>
    nights.sending(one, 0.05, Number.POSITIVE_INFINITY),
  );

  it.each(notebooks)("$name, as a learner gets it, runs to its end and passes no check", (one) => nights.unedited(one));
});
