import { createRequire } from "node:module";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alertView } from "../../test/plot/sample";
import { isBootcampError } from "../errors";
import { arrivals } from "./arrivals";
import { plotClasses } from "./classes";
import type { Figure } from "./figure";
import { live, watch } from "./live";
import { plotRate } from "./rate";
import { show } from "./show";
import { alertTable } from "./table";

const PLOTLY = "application/vnd.plotly.v1+json";
const cache = createRequire(__filename).cache;
const place = "/elsewhere/node_modules/tslab/dist/jupyter.js";

interface Message {
  data: Record<string, any>;
  transient: { display_id?: string };
  update: boolean;
}

/** Stands in for the module a running tslab kernel has loaded. */
function kernel(): Message[] {
  const messages: Message[] = [];
  const lastWriteDisplayData = (message: Omit<Message, "update">, update: boolean) =>
    void messages.push({ ...message, update });
  cache[place] = { exports: { lastWriteDisplayData } } as NodeJS.Module;
  return messages;
}

afterEach(() => {
  delete cache[place];
});

describe("show", () => {
  it("sends one message: the Plotly figure, an HTML and a text form", () => {
    const messages = kernel();
    show(plotClasses({ "</script><script>alert(1)</script>": 3 }, { title: "<i>x</i>" }));
    expect(messages).toHaveLength(1);
    const { data, update } = messages[0]!;
    expect(Object.keys(data)).toEqual([PLOTLY, "text/html", "text/plain"]);
    expect(update).toBe(false);
    expect(data[PLOTLY].data[0].y).toEqual([3]);
    expect(data["text/html"]).toMatch(
      /^<img width="760" height="420" alt="&lt;i&gt;x[^<>]*" src="data:image\/svg\+xml;base64,[\w+/=]+">$/,
    );
    expect(data["text/plain"]).toBe("Figure: <i>x</i> – 3 alerts in 1 class");
  });

  it("puts a figure written by hand into the style of the others, and leaves what it says itself", () => {
    const messages = kernel();
    const own = plotClasses({ a: 1 }).layout;
    const y2 = { overlaying: "y", side: "right" };
    const layout = { title: "mine", height: 99, xaxis: { title: { text: "x" }, gridcolor: "red" }, yaxis2: y2 };
    show({ data: [{ type: "scatter", x: [1], y: [2] }], layout });
    const shown = messages[0]!.data[PLOTLY].layout;
    expect(shown).toMatchObject({ height: 99, font: own["font"], plot_bgcolor: "#fff", margin: own["margin"] });
    expect(shown.title).toMatchObject({ text: "mine", xanchor: "left" });
    expect(shown.xaxis).toMatchObject({ title: { text: "x" }, gridcolor: "red", showline: true });
    expect(shown.yaxis2).toMatchObject({ overlaying: "y", side: "right", ticks: "outside" });
    expect(layout.xaxis).toEqual({ title: { text: "x" }, gridcolor: "red" });
    show(plotClasses({ a: 1 }));
    expect(messages[1]!.data[PLOTLY].layout).toEqual(JSON.parse(JSON.stringify(own)));
  });

  it("turns bigint into text instead of failing in the kernel", () => {
    const messages = kernel();
    const figure: Figure = { data: [{ type: "scatter", text: [2475433850015010009n] }], layout: {} };
    show(figure);
    expect(messages[0]!.data[PLOTLY].data[0].text).toEqual(["2475433850015010009"]);
  });

  it("shows what it cannot sketch all the same", () => {
    const messages = kernel();
    show({ data: [{ type: "scatter", name: "<odd>", x: 5 }], layout: { title: { text: "made by hand" } } });
    expect(messages[0]!.data[PLOTLY].data[0].x).toBe(5);
    expect(messages[0]!.data["text/html"]).toContain("data:image/svg+xml");
    show({ data: [null as never, { type: "scatter", name: "<odd>" }], layout: { title: "made by hand" } });
    expect(messages[1]!.data["text/html"]).toBe(
      "<div><b>made by hand</b><ul><li>undefined</li><li>&lt;odd&gt;</li></ul></div>",
    );
  });

  it("names saveHtml outside of a notebook, and refuses what is no figure", () => {
    const error = (content: unknown): unknown => {
      try {
        show(content as Figure);
      } catch (thrown) {
        return thrown;
      }
      return null;
    };
    const outside = error(plotRate([]));
    expect(isBootcampError(outside, "USAGE") && outside.remedy).toContain("saveHtml");
    kernel();
    expect(isBootcampError(error({ data: 3 }), "USAGE")).toBe(true);
    expect(isBootcampError(error(null), "USAGE")).toBe(true);
  });
});

describe("alertTable", () => {
  const rows = [
    {
      objectId: 2475433850015010009n,
      mag: 15.3712,
      rb: Number.NaN,
      name: "<b>x</b>",
      list: [1, 2, 3],
      bytes: Buffer.alloc(1500),
      deep: { a: null },
      absent: null,
    },
    { objectId: "ZTF17aaacxxf", mag: 16, rb: 0.25, name: "y", list: [], bytes: Buffer.alloc(0), deep: { a: 1 } },
  ];
  const fields = ["objectId", "mag", "rb", "list", "bytes", "deep.a", "absent.x"] as const;

  it("writes ids in full, cuts lists to their count, dashes what is missing", () => {
    expect(alertTable(rows, fields).toString()).toMatchInlineSnapshot(`
      "objectId                mag    rb  list     bytes        deep.a  absent.x
      2475433850015010009  15.371     –  3 items  1,500 bytes       –         –
      ZTF17aaacxxf         16.000  0.25  0 items  0 bytes           1         –
      (2 rows)"
    `);
  });

  it("refuses a field that no row has, with the nearest, and takes one that some have", () => {
    const refused = (list: object[], path: string) => {
      try {
        return alertTable(list, [path]).toString();
      } catch (error) {
        return error;
      }
    };
    expect(refused([alertView()], "magg")).toMatchObject({ code: "NO_FIELD", remedy: expect.stringContaining("mag") });
    expect(refused([{ flux: 1 }, { flux: 2, late: 3 }], "fluxx")).toMatchObject({ remedy: "Did you mean flux?" });
    expect(refused([{ flux: 1 }, { flux: 2, late: 3 }], "late")).toContain("3");
  });

  it("shows a column of rows whose every value is missing", () => {
    expect(alertTable([{ a: 1, b: undefined }, { a: 2 }]).toString()).toBe("a  b\n1  –\n2  –\n(2 rows)");
  });

  it("shows of rows that are no alerts what they have, as of a query", () => {
    const table = alertTable([
      { band: "g", n: 2, first: 60320.3456789 },
      { band: "r", n: 1, first: 60321.5, "max(mag)": 18 },
    ]);
    expect(table.columns).toEqual(["band", "n", "first", "max(mag)"]);
    expect(table.rows).toEqual([
      ["g", "2", "60320.34568", "–"],
      ["r", "1", "60321.5", "18"],
    ]);
    expect(alertTable([alertView()]).columns).toContain("objectId");
    expect(alertTable([]).toString()).toContain("0 rows");
  });

  it("shows the first rows of a long list and says how many there are", () => {
    const long = Array.from({ length: 1500 }, (_, mag) => ({ mag }));
    const table = alertTable(long, ["mag"], { rows: 3, caption: "night" });
    expect(table.rows).toHaveLength(3);
    expect(table.html).toContain("night: first 3 of 1,500 rows");
  });

  it("takes functions as columns and escapes everything", () => {
    const table = alertTable(rows, ["name", { name: "<twice>", value: (row) => row.mag * 2 }]);
    expect(table.html).toContain("&lt;b&gt;x&lt;/b&gt;");
    expect(table.html).toContain("&lt;twice&gt;");
    expect(table.html).toContain("30.7424");
  });

  it("draws itself when it is logged in a notebook, and is one line inside something else", () => {
    const messages = kernel();
    const table = alertTable(rows, ["mag"]);
    expect(inspect({ table })).toContain("AlertTable (2 rows)");
    expect(messages).toHaveLength(0);
    expect(inspect(table)).toBe("");
    expect(messages[0]!.data["text/html"]).toBe(table.html);
    delete cache[place];
    expect(inspect(table)).toBe(table.toString());
  });

  it("refuses no rows and no fields", () => {
    expect(() => alertTable(rows, [])).toThrow(/at least one field/);
    expect(() => alertTable(rows, ["mag"], { rows: 0 })).toThrow(/rows of 1 or more/);
  });
});

/** What a message shows: the number of alerts in its title, and whether Plotly draws it. */
const content = ({ data }: Message): string =>
  `${/– (\d+) alert/.exec(data["text/plain"])?.[1] ?? "empty"}${PLOTLY in data ? " interactive" : ""}`;

describe("live", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("replaces one display in place, not faster than asked, and settles on the last", () => {
    const messages = kernel();
    const plot = live(plotClasses({ a: 1 }), { everyMs: 250 });
    for (let n = 2; n <= 50; n++) plot.update(plotClasses({ a: n }));
    expect(messages.map(content)).toEqual(["1"]);
    vi.advanceTimersByTime(250);
    expect(messages.map(content)).toEqual(["1", "50"]);
    vi.advanceTimersByTime(800);
    expect(messages.map(content)).toEqual(["1", "50", "50 interactive"]);
    plot.update(plotClasses({ a: 51 }));
    plot.flush();
    plot.flush();
    vi.advanceTimersByTime(5000);
    expect(messages.map(content)).toEqual(["1", "50", "50 interactive", "51", "51 interactive"]);
    expect(messages.map((message) => message.update)).toEqual([false, true, true, true, true]);
    expect(new Set(messages.map((message) => message.transient.display_id)).size).toBe(1);
    expect(plot.updates).toBe(5);
  });

  it("goes on writing to the cell it was started in", () => {
    const first = kernel();
    const plot = live(plotClasses({ a: 1 }));
    const second = kernel();
    plot.flush(plotClasses({ a: 2 }));
    expect([first.map(content), second]).toEqual([["1", "2 interactive"], []]);
  });

  it("does nothing outside of a notebook, and leaves no timer behind", () => {
    const plot = live(plotRate([]));
    plot.update(plotRate([]));
    plot.flush(plotRate([]));
    expect([plot.updates, vi.getTimerCount()]).toEqual([0, 0]);
    kernel();
    live(plotRate([])).flush();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("watch", () => {
  it("passes everything through, shows the state so far and the end", async () => {
    const messages = kernel();
    const seen: number[] = [];
    const draw = (alerts: readonly number[]) => plotClasses({ a: alerts.length });
    for await (const alert of watch([5, 6, 7], draw, { everyMs: 0 })) seen.push(alert);
    expect(seen).toEqual([5, 6, 7]);
    expect(messages.map(content)).toEqual(["0", "1", "2", "3", "3 interactive"]);
  });

  it("shows the last state and closes the source when the loop is left or the source fails", async () => {
    const messages = kernel();
    let closed = 0;
    async function* source(fails: boolean) {
      try {
        yield 1;
        if (fails) throw new Error("broker gone");
        yield 2;
      } finally {
        closed++;
      }
    }
    const model = () => arrivals<number>({ timeMs: () => 0 });
    for await (const _ of watch(source(false), model())) break;
    await expect(async () => {
      for await (const _ of watch(source(true), model()));
    }).rejects.toThrow("broker gone");
    expect(closed).toBe(2);
    expect(messages.map(content)).toEqual(["empty", "1 interactive", "empty", "1 interactive"]);
  });
});

describe("arrivals", () => {
  it("counts per window, and keeps the cumulative count when old windows drop out", () => {
    const model = arrivals<number>({ windowSeconds: 2, timeMs: (time) => time, maxWindows: 2 });
    for (const time of [0, 1999, 2000, 5000, Number.NaN]) model.add(time);
    expect(model.rows()).toEqual([
      { timeMs: 2000, count: 1 },
      { timeMs: 4000, count: 1 },
    ]);
    expect((model.figure().data[1]!["y"] as number[]).at(-1)).toBe(4);
    expect(() => arrivals({ windowSeconds: 0 })).toThrow(/windowSeconds above 0/);
  });
});
