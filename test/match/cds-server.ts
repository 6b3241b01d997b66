import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { separationArcsec } from "../../src/match/sky";

export interface Asked {
  fields: Record<string, string>;
  fileName: string;
  /** Rows of the uploaded table, by its own column names. */
  rows: { id: string; ra: number; dec: number }[];
}

export interface Source {
  ra: number;
  dec: number;
  main_id: string;
  main_type: string;
}

/**
 * A service with the contract of CDS X-Match: multipart form with a CSV file in, CSV with angDist first and the columns
 * of both tables out, one line per pair within the radius and no line for what has none.
 */
export async function cdsServer(sources: readonly Source[]) {
  const asked: Asked[] = [];
  /** What to do instead of answering, by number of the request from 0. */
  const instead = new Map<number, (response: ServerResponse) => void>();
  const server = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const piece of request) body.push(piece);
    const type = request.headers["content-type"] ?? "";
    const form = await new Response(Buffer.concat(body), { headers: { "content-type": type } }).formData();
    const file = form.get("cat1") as File;
    const fields = Object.fromEntries([...form].filter(([, value]) => typeof value === "string")) as Record<
      string,
      string
    >;
    const [header, ...lines] = (await file.text()).trim().split("\n");
    const columns = header!.split(",");
    const rows = lines.map((line) => {
      const cells = line.split(",");
      const cell = (name: string) => cells[columns.indexOf(name)]!;
      return { id: cells[0]!, ra: Number(cell(fields.colRA1!)), dec: Number(cell(fields.colDec1!)) };
    });
    const number = asked.push({ fields, fileName: file.name, rows }) - 1;
    const other = instead.get(number);
    if (other) return other(response);
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const pairs = rows.flatMap((row, at) =>
      sources
        .map((source) => ({ source, distance: separationArcsec(row, source) }))
        .filter(({ distance }) => distance <= Number(fields.distMaxArcsec))
        // Not in the order of distance: the service promises none.
        .sort((a, b) => b.distance - a.distance)
        .map(({ source: { ra, dec, main_id, main_type }, distance }) =>
          [distance.toFixed(6), lines[at], quote(main_id), ra, dec, quote(main_type)].join(","),
        ),
    );
    response.setHeader("content-type", "text/csv");
    response.end([`angDist,${header},main_id,ra,dec,main_type`, ...pairs.reverse(), ""].join("\n"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/xmatch/api/v1/sync`,
    asked,
    instead,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
