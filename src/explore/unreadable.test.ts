import { afterEach, describe, expect, it, vi } from "vitest";
import { handMade } from "../../test/helpers/handMade";
import { plotSky } from "../plot/sky";
import { alertTable } from "../plot/table";
import { AlertStream } from "../stream/alert-stream";
import { readColumns } from "./columns";

/** An alert of whose fields one is damaged: it shows when it is touched. */
const damaged = (n: number) =>
  Object.defineProperty(handMade({ alertId: BigInt(n), ra: n, dec: 5, mag: 18 }), "ra", {
    get() {
      throw new TypeError("Cannot read properties of null (reading 'jd')");
    },
    enumerable: true,
  });
const night = () => [
  handMade({ alertId: 1n, ra: 1, dec: 5, mag: 18 }),
  damaged(2),
  handMade({ alertId: 3n, ra: 3, dec: 5, mag: 19 }),
];

describe("an alert of which a field cannot be read", () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  afterEach(() => said.mockClear());

  it("is failed in the books of a stream whose columns are read, and the rest is there", async () => {
    const stream = AlertStream.from(() => night());
    const columns = await readColumns(stream, ["alertId", "ra", "mag"]);
    expect(columns.map(({ values }) => values)).toEqual([
      [1n, 3n],
      [1, 3],
      [18, 19],
    ]);
    const { read, selected, failed, pending } = stream.ledger;
    expect([read, selected, failed, pending]).toEqual([3, 2, 1, 0]);
    expect(String(said.mock.calls)).toMatch(/^1 rows cannot be read and are left out; the first: .*reading 'jd'/);
  });

  it("is left out of a table and a sky map, which say so", () => {
    const table = alertTable(night(), ["alertId", "ra"]);
    expect(table.rows.map((row) => row[0])).toEqual(["1", "3"]);
    expect(plotSky(night()).layout).toMatchObject({ title: { text: expect.stringContaining("2 positions") } });
    expect(said.mock.calls.map(([text]) => String(text).split(":")[0])).toEqual([
      "the table leaves out 1 of 3 that cannot be read",
      "the sky map leaves out 1 of 3 that cannot be read",
    ]);
  });
});
