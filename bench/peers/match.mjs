// This library's side of ../match.mjs, in a process of its own. Prints one JSON object, as match.py does.
//   node bench/peers/match.mjs CATALOGUE POSITIONS RADIUS_ARCSEC, files of float64 pairs (ra, dec in degrees)
import { readFileSync } from "node:fs";
import { match } from "../../dist/index.js";

const [entries, positions] = process.argv.slice(2, 4).map((file) => {
  const bytes = readFileSync(file);
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  return Array.from({ length: numbers.length / 2 }, (_, n) => ({ ra: numbers[2 * n], dec: numbers[2 * n + 1] }));
});
const radiusArcsec = Number(process.argv[4]);

function timed(work) {
  const start = performance.now();
  const result = work();
  return [result, (performance.now() - start) / 1000];
}
const count = (isMatched) => positions.reduce((sum, position) => sum + (isMatched(position) ? 1 : 0), 0);

const [catalog, buildSeconds] = timed(() => match.catalogFromRows(entries));
const nearest = ({ ra, dec }) => catalog.nearest(ra, dec, { radiusArcsec }) !== null;
count(nearest); // until the machine code is there
const [matched, seconds] = timed(() => count(nearest));
const attach = match.crossmatch(catalog, { radiusArcsec });
const attached = (position) => attach(position).match !== null;
count(attached);
const [, attachSeconds] = timed(() => count(attached));
console.log(
  JSON.stringify({
    buildSeconds,
    lookupsPerSecond: positions.length / seconds,
    attachPerSecond: positions.length / attachSeconds,
    matched,
    matchedOfFirst: positions.slice(0, 200_000).filter(nearest).length,
  }),
);
