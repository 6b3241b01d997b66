import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { makeAlert } from "../test/helpers/alerts";
import { hostileText, obeyed } from "../test/helpers/hostile-text";
import { alertToJson } from "./alert/json";
import { Output } from "./cli/output";
import { BootcampError, messageOf } from "./errors";
import { check } from "./lesson/check";
import { useDataSet } from "./lesson/data-set";
import { catalogFromRows } from "./match/load-catalog";
import { plotSky } from "./plot/sky";
import { alertTable } from "./plot/table";
import { cut } from "./select/cut";
import { explain } from "./select/explain";
import { funnel } from "./select/funnel";
import { escapeJson, printable, Screen, say } from "./terminal";

describe("text for a terminal", () => {
  it("shows what a terminal would obey as dots, and cuts what is too long", () => {
    expect(printable("a\u001b[2Jb\r\n\u009b\u202e")).toBe("a·[2Jb····");
    expect([printable("abcdef", 6), printable("abcdef", 5), printable("é→")]).toEqual(["abcdef", "abcd…", "é→"]);
    expect(obeyed(printable(hostileText))).toEqual([]);
  });

  it("lets no name begin a line of its own in a message", () => {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    say(`saved ${hostileText}`);
    const said = String(stderr.mock.calls[0]![0]);
    stderr.mockRestore();
    expect(obeyed(said)).toEqual([]);
    expect(said).toMatch(/\n {2}read 9, failed 0\n$/);
    const error = new BootcampError("GZIP", `Expected x, got ${hostileText}`, {
      where: hostileText,
      remedy: hostileText,
    });
    for (const text of [`${error}`, messageOf(error), messageOf(new Error(hostileText))]) {
      expect(obeyed(text)).toEqual([]);
      expect(text).not.toMatch(/^read/m);
    }
  });

  it("escapes in JSON what JSON leaves as it is, to the same value", () => {
    for (const line of [alertToJson({ [hostileText]: hostileText }), escapeJson(JSON.stringify(hostileText))]) {
      expect(obeyed(line)).toEqual([]);
      expect(JSON.stringify(JSON.parse(line))).toContain("\u202e");
    }
    expect(JSON.parse(alertToJson({ a: hostileText, b: "\u{e0041}" }))).toEqual({ a: hostileText, b: "\u{e0041}" });
  });

  it("keeps the bytes of data for a file, and not for a terminal", async () => {
    const written = async (isTTY: boolean) => {
      let text = "";
      const write = (piece: unknown, _: unknown, done: () => void) => {
        text += piece;
        done();
      };
      await new Output(Object.assign(new Writable({ write }), { isTTY })).data(hostileText);
      return text;
    };
    expect(await written(false)).toBe(`${hostileText}\n`);
    expect(obeyed(await written(true))).toEqual([]);
  });

  it("draws nothing of data in place either", () => {
    const drawn: string[] = [];
    const screen = new Screen({ columns: 80, rows: 24, write: (text: string) => drawn.push(text) } as never);
    screen.show(`a\n${hostileText}`);
    expect(obeyed(drawn.join(""))).toEqual([]);
  });

  it("does not act on one through a table, a funnel, an explanation, a catalogue, a figure or a check that is printed", async () => {
    const lines: string[] = [];
    const home = mkdtempSync(join(tmpdir(), "terminal-"));
    vi.stubEnv("BOOTCAMP_HOME", home); // of the progress
    vi.spyOn(console, "log").mockImplementation((text) => void lines.push(String(text)));
    const alert = makeAlert(1, { objectId: hostileText });
    const named = cut(hostileText, () => {
      throw new Error(hostileText);
    });
    const rows = [{ [hostileText]: hostileText }];
    const values = [
      alertTable([alert]),
      alertTable(rows, undefined, { caption: hostileText }),
      await funnel([alert], named),
      explain(alert, named),
      catalogFromRows([{ ra: 1, dec: 2, [hostileText]: hostileText }], { name: hostileText }),
      plotSky([alert], { title: hostileText }),
    ];
    for (const value of values) lines.push(inspect(value), String(value));
    check("3.3", hostileText, [{ name: "real", rejected: 1 }]);
    check("3.3", hostileText, [{ name: hostileText, rejected: 1 }]);
    useDataSet([hostileText, "b"].map((name) => ({ origin: { headers: { "bootcamp-source": name } } })) as never);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    expect(lines.join("")).toContain("golf");
    expect(lines.map(obeyed)).toEqual(lines.map(() => []));
  });
});
