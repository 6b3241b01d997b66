import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { alertView } from "../../test/plot/sample";
import { plotComparison } from "../plot/comparison";
import { mimeBundle } from "../plot/show";
import "../plot/cards";
import { DISPLAY } from "../display";
import { compare } from "./compare";
import { cut } from "./cut";

const night = Array.from({ length: 20 }, (_, i) =>
  alertView({ alertId: BigInt(i), mag: 15 + i / 4, realBogus: i / 20 }),
);
const bright = cut("bright", "mag", { below: 18 });
const real = cut("real", "realBogus", { min: 0.5 });

describe("compare", () => {
  it("puts every alert in one place, as counted by hand", async () => {
    const found = await compare(bright, real, night);
    // bright: 0–11, real: 10–19
    expect(found.both.map(({ alertId }) => alertId)).toEqual([10n, 11n]);
    expect([found.onlyFirst.length, found.onlySecond.length, found.neither, found.failed]).toEqual([10, 8, 0, 0]);
    expect(found.total).toBe(20);
    expect(inspect(found)).toMatch(/only bright\s+10\s+50\.0 %/);
  });

  it("counts what a cut fails on, and keeps why; names of one name are first and second", async () => {
    const picky = (alert: { alertId: unknown }) => {
      if (alert.alertId === 3n) throw new Error("no such field");
      return true;
    };
    const found = await compare(picky, picky, night);
    expect([found.both.length, found.failed, found.names]).toEqual([19, 1, ["first", "second"]]);
    expect(found.problems[0]).toMatchObject({ name: "picky", alertId: "3" });
    expect(String(found)).toMatch(/failed\s+1/);
  });

  it("shows the cutouts of what one chose alone, side by side", async () => {
    const found = await compare(bright, real, night);
    const figure = plotComparison(found, { limit: 4 });
    expect(figure.data.filter(({ type }) => type === "heatmap")).toHaveLength(2 * 4 * 3);
    expect(figure.layout["meta"].caption).toBe("Of 20 alerts both chose 2, neither 0.");
    const words = figure.layout["annotations"].map(({ text }: { text: string }) => text);
    expect(words).toContain("<b>only bright: 10</b>");
    expect(words).toContain("<b>only real: 8</b>");
    expect(mimeBundle(figure)["text/html"]).toMatch(/^<img/);
    expect(found[DISPLAY]()["text/html"]).toMatch(/only real.*<img/s);
    const none = await compare(bright, bright, []);
    expect(plotComparison(none).data).toEqual([]);
  });

  it("says what it expects, and stops on request", async () => {
    await expect(compare(7 as never, real, night)).rejects.toThrow(/Expected a cut, got 7/);
    await expect(compare(real, real, 7 as never)).rejects.toThrow(/alerts in a list or a stream/);
    await expect(compare(real, bright, night, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
