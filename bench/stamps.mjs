// Cutouts, gzipped FITS, made pixels: ours against astropy.io.fits, and against Python's gunzip alone, on the same bytes in turns.
//   npm run build && [BOOTCAMP_TEST_DATA=folder] node bench/stamps.mjs [options of report.mjs]
import { readStamp } from "../dist/alert/stamps.js";
import { meanSize, secondsEach, timeOthers, writeRecords, ztfAlerts } from "./peers/decode.mjs";
import { openBench, ratios } from "./report.mjs";

const { options, report, finish } = openBench();
const stamps = ztfAlerts().flatMap(({ packet }) =>
  [packet.cutoutScience, packet.cutoutTemplate, packet.cutoutDifference].map(({ stampData }) => stampData),
);
const records = writeRecords("stamps.records", stamps);
const tasks = ["astropy", "gunzip"].map((by) => ({ name: by, by, stamps: records }));

const seconds = { ours: [], astropy: [], gunzip: [] };
let pixels = 0;
for (let n = 0; n < options.runs; n++) {
  seconds.ours.push(
    secondsEach(stamps, (bytes) => {
      pixels += readStamp(bytes, "science").pixels.length;
    }),
  );
  const { astropy, gunzip } = timeOthers(tasks);
  seconds.astropy.push(astropy);
  seconds.gunzip.push(gunzip);
}
if (pixels === 0) throw new Error("nothing was read");
const inflate = "three quarters of the time are zlib's own inflate, which Python's gunzip calls as well";
report("stamps to pixels, against astropy.io.fits", ratios(seconds.astropy, seconds.ours), {
  floor: 4,
  goal: 5,
  unit: "×",
  why: inflate,
});
report("… against Python's gunzip alone", ratios(seconds.gunzip, seconds.ours), {
  floor: 1,
  goal: 1.2,
  unit: "×",
  why: inflate,
});
report(
  "stamps to pixels",
  seconds.ours.map((each) => 1 / each),
  { unit: "/s" },
);
finish(`${stamps.length} stamps of ${meanSize(stamps)}, gzipped FITS, one thread`);
