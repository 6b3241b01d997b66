// @module-tag long
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../src/engine/process/ports";
import { root } from "../helpers/data";
import { TestNotebook } from "../helpers/test-notebook";
import { cdsServer } from "../match/cds-server";
import { readCells } from "./run-notebook";

const cells = readCells("4_crossmatch_classify");
const ask = cells.find(({ kind, source }) => kind === "code" && source.includes("useNetwork"))!;

describe("the cell of Part 4 that asks SIMBAD", () => {
  let notebook: TestNotebook;
  const shown: unknown[] = [];
  const printed = vi.spyOn(console, "log").mockImplementation(() => {});
  beforeAll(() => {
    notebook = new TestNotebook(`${root}/notebooks`, root);
  });
  afterEach(() => {
    shown.length = 0;
    printed.mockClear();
  });

  /** Runs the cell as it stands, with the network, against a service at this address. */
  async function askAt(url: string): Promise<void> {
    Object.assign(globalThis, { shown });
    const before = `import { countBy, match as room, plot } from "alert-bootcamp";
      const night = [{ ra: 10, dec: 20 }, { ra: 30, dec: 40 }];
      const crossmatchCds: typeof room.crossmatchCds = (alerts, options) => room.crossmatchCds(alerts, { ...options, url: "${url}", cacheFolder: null });
      const match = { crossmatchCds };
      const show = (figure: unknown) => void (globalThis as any).shown.push(figure);`;
    expect(await notebook.run(before)).toBeUndefined();
    const cell = ask.source.replace("useNetwork: boolean = false", "useNetwork: boolean = true");
    expect(cell).not.toBe(ask.source);
    expect(await notebook.run(cell)).toBeUndefined();
  }

  it("says that the service is down, and draws no classes of a sky that nobody looked at", async () => {
    await askAt(`http://127.0.0.1:${await freePort()}`);
    expect(printed).toHaveBeenCalledWith(expect.objectContaining({ alerts: 2, failed: 2, matched: 0 }));
    expect(printed).toHaveBeenLastCalledWith(expect.stringMatching(/^SIMBAD did not answer: .*a refused connection/));
    expect(shown).toEqual([]);
  });

  it("draws the classes when it answers", async () => {
    const server = await cdsServer([{ ra: 10, dec: 20, main_id: "RR Lyr", main_type: "RRLyr" }]);
    try {
      await askAt(server.url);
    } finally {
      await server.close();
    }
    expect(printed).toHaveBeenCalledWith(expect.objectContaining({ alerts: 2, failed: 0, matched: 1 }));
    expect(JSON.stringify(shown)).toContain("RRLyr");
  });
});
