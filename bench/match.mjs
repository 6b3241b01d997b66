// Nearest catalogue entry within 1.5″: ours against scipy's cKDTree and astropy, on the same places, in turns.
//   npm run build && node bench/match.mjs [--rows 1000000] [--positions 1000000] [options of report.mjs]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBench, ratios } from "./report.mjs";

const { options, report, finish } = openBench({
  rows: { type: "string", default: "1000000" },
  positions: { type: "string", default: "1000000" },
});
const [rows, asked] = [Number(options.rows), Number(options.positions)];
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

const folder = mkdtempSync(join(tmpdir(), "bench-match-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const files = Object.entries({ entries, positions }).map(([name, places]) => {
  const numbers = new Float64Array(2 * places.length);
  places.forEach(({ ra, dec }, n) => {
    numbers.set([ra, dec], 2 * n);
  });
  writeFileSync(join(folder, name), numbers);
  return join(folder, name);
});
function run(program, script) {
  const done = spawnSync(program, [join(root, "bench/peers", script), ...files, String(radiusArcsec)], {
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`${script}: ${done.error ?? done.stderr}`);
  return JSON.parse(done.stdout);
}

const all = { ours: [], scipy: [], astropy: [] };
for (let n = 0; n < options.runs; n++) {
  const ours = run(process.execPath, "match.mjs");
  const { scipy, astropy } = run(python, "match.py");
  if (scipy.matched !== ours.matched || astropy.matchedOfFirst !== ours.matchedOfFirst)
    throw new Error(
      `the counts differ: ${ours.matched} and ${scipy.matched}, ${ours.matchedOfFirst} and ${astropy.matchedOfFirst}`,
    );
  all.ours.push(ours);
  all.scipy.push(scipy);
  all.astropy.push(astropy);
}
const why = "a look-up waits for memory: among 1,000 rows, which fit a cache, it takes a third of the time";
const values = (of, name) => all[of].map((each) => each[name]);
const secondsEach = (of, name = "lookupsPerSecond") => values(of, name).map((rate) => 1 / rate);
const lookUp = secondsEach("ours");
report("nearest within 1.5″, against scipy's cKDTree", ratios(secondsEach("scipy"), lookUp), {
  floor: 2.5,
  goal: 4,
  unit: "×",
  why,
});
report("… against astropy", ratios(secondsEach("astropy"), lookUp), { floor: 8, goal: 12, unit: "×", why });
report("index built, against cKDTree", ratios(values("scipy", "buildSeconds"), values("ours", "buildSeconds")), {
  floor: 1,
  goal: 2,
  unit: "×",
});
report("look-ups", values("ours", "lookupsPerSecond"), { unit: "/s" });
report("… by stream.map(crossmatch)", values("ours", "attachPerSecond"), { unit: "/s" });
report("index built", values("ours", "buildSeconds"), { sign: -1, unit: " s" });
finish(`${rows.toLocaleString("en")} rows, ${asked.toLocaleString("en")} positions, one thread`);
