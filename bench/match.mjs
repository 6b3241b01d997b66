// Nearest catalogue entry within 1.5″: ours against scipy's cKDTree and astropy, on the same places, in one run.
//   npm run build && node bench/match.mjs [catalogue rows, default 1000000] [positions, default 1000000]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogFromRows, crossmatch } from "../dist/index.js";

const [rows, asked] = [Number(process.argv[2] ?? 1e6), Number(process.argv[3] ?? 1e6)];
const radiusArcsec = 1.5;
const root = fileURLToPath(new URL("..", import.meta.url));
const python = process.env.BOOTCAMP_PYTHON ?? join(root, ".bootcamp/venv/bin/python");

let state = 20181129;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const anywhere = () => ({ ra: 360 * random(), dec: (Math.asin(2 * random() - 1) * 180) / Math.PI });
const entries = Array.from({ length: rows }, anywhere);
// Every other position lies within about an arcsecond of an entry, as a night's alerts of known stars would.
const positions = Array.from({ length: asked }, (_, n) => {
  if (n % 2) return anywhere();
  const { ra, dec } = entries[Math.floor(random() * rows)];
  return { ra, dec: Math.max(-90, Math.min(90, dec + (random() - 0.5) / 1800)) };
});

const seconds = (work) => {
  const start = process.hrtime.bigint();
  const result = work();
  return [result, Number(process.hrtime.bigint() - start) / 1e9];
};
const [catalog, buildSeconds] = seconds(() => catalogFromRows(entries));
const lookUp = () => {
  let matched = 0;
  let ofFirst = 0;
  positions.forEach(({ ra, dec }, n) => {
    if (catalog.nearest(ra, dec, { radiusArcsec }) === null) return;
    matched++;
    if (n < 200_000) ofFirst++;
  });
  return { matched, ofFirst };
};
lookUp();
const [found, lookUpSeconds] = seconds(lookUp);
const attach = crossmatch(catalog, { radiusArcsec });
const [, attachSeconds] = seconds(() =>
  positions.reduce((sum, each) => sum + (attach(each).match === null ? 0 : 1), 0),
);

const folder = mkdtempSync(join(tmpdir(), "bench-match-"));
const write = (name, places) => {
  writeFileSync(join(folder, name), Buffer.from(Float64Array.from(places.flatMap(({ ra, dec }) => [ra, dec])).buffer));
  return join(folder, name);
};
const run = spawnSync(
  python,
  [join(root, "bench/match.py"), write("catalogue", entries), write("positions", positions), String(radiusArcsec)],
  { encoding: "utf8" },
);
rmSync(folder, { recursive: true });
if (run.status !== 0) {
  console.error(run.error ?? run.stderr);
  process.exit(1);
}
const { scipy, astropy } = JSON.parse(run.stdout);

const perSecond = asked / lookUpSeconds;
console.log(
  `${rows.toLocaleString("en")} rows, ${asked.toLocaleString("en")} positions, nearest within ${radiusArcsec}″, one thread`,
);
console.table({
  "this library": {
    "build s": round(buildSeconds),
    "look-ups/s": Math.round(perSecond),
    matched: found.matched,
    "× ours": 1,
  },
  "  as stream.map(crossmatch)": { "look-ups/s": Math.round(asked / attachSeconds) },
  "scipy cKDTree": {
    "build s": round(scipy.buildSeconds),
    "look-ups/s": Math.round(scipy.lookupsPerSecond),
    matched: scipy.matched,
    "× ours": round(scipy.lookupsPerSecond / perSecond),
  },
  "astropy match_coordinates_sky": {
    "build s": round(astropy.buildSeconds),
    "look-ups/s": Math.round(astropy.lookupsPerSecond),
    "× ours": round(astropy.lookupsPerSecond / perSecond),
  },
});
if (scipy.matched !== found.matched || astropy.matchedOfFirst !== found.ofFirst) {
  console.error(
    `the counts differ: ${found.matched} and ${scipy.matched}, ${found.ofFirst} and ${astropy.matchedOfFirst}`,
  );
  process.exit(1);
}

function round(value) {
  return Number(value.toPrecision(3));
}
