// @module-tag long
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeAlert } from "../../src/alert/decode";
import { BootcampError } from "../../src/errors";
import { simulateNight } from "../../src/simulate/night";
import { dataFolder, needs } from "../helpers/data";
import { runPython } from "../helpers/python";

const folder = mkdtempSync(join(tmpdir(), "simulate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const night = simulateNight({ seed: 5, alerts: 300, visits: 30 });
const written = night.write(join(folder, "night"));

// What fastavro and astropy make of the folder, one JSON object.
const script = `
import csv, glob, gzip, io, json, math, sys
import fastavro, numpy as np
from astropy.io import fits
from scipy import ndimage
folder = sys.argv[1]
truth = {row["alertId"]: row for row in csv.DictReader(open(folder + "/truth.csv"))}
def names(schema):
    return {f["name"] for f in schema["fields"]}
out = {"alerts": 0, "missing": [], "syncs": set(), "stamps": 0, "bad": [], "pull": [], "seen": [], "fields": 0, "names": [], "apart": 0, "shapes": {}}
inner = {}
def walk(t):
    if isinstance(t, list):
        for x in t: walk(x)
    elif isinstance(t, dict):
        if t["type"] == "record":
            inner[t["name"].split(".")[-1]] = names(t)
            for f in t["fields"]: walk(f["type"])
        elif t["type"] == "array": walk(t["items"])
for path in sorted(glob.glob(folder + "/*.avro")):
    raw = open(path, "rb").read()
    out["syncs"].add(raw[-16:].hex())
    reader = fastavro.reader(io.BytesIO(raw))
    records = list(reader)
    if len(records) != 1 or reader.codec != "null": out["bad"].append(path)
    if not inner: walk(reader.writer_schema)
    a = records[0]
    c = a["candidate"]
    out["alerts"] += 1
    for record, kind in [(a, "alert"), (c, "candidate")] + [(p, "prv_candidate") for p in a["prv_candidates"]] + [(p, "fp_hist") for p in a["fp_hists"]]:
        if set(record) != inner[kind]: out["missing"].append(kind)
        out["fields"] += len(record)
    if c["candid"] != a["candid"] or path.split("/")[-1] != "%d.avro" % a["candid"] or str(a["candid"]) not in truth: out["bad"].append(path)
    images = {}
    for kind in ("Science", "Template", "Difference"):
        cutout = a["cutout" + kind]
        out["names"].append(cutout["fileName"].replace(str(a["candid"]), "N").replace(str(c["pid"]), "P"))
        with fits.open(io.BytesIO(gzip.decompress(cutout["stampData"]))) as hdus:
            hdus.verify("exception")
            image = hdus[0].data
            if image.shape != (63, 63) or image.dtype != ">f4" or hdus[0].header["BUNIT"] != "DN": out["bad"].append(kind)
            images[kind] = image.astype(float)
        out["stamps"] += 1
    row = truth[str(a["candid"])]
    sign = 1 if c["isdiffpos"] == "t" else -1
    out["apart"] = max(out["apart"], float(np.nanmax(np.abs(images["Science"] - images["Template"] - sign * images["Difference"]))))
    # axis ratio of what stands out of the noise at the centre, by its second moments
    yy, xx = np.mgrid[:63, :63]
    d, r = images["Difference"], np.hypot(xx - 31, yy - 31)
    noise = 1.4826 * np.nanmedian(np.abs(d[(r > 18) & (r < 30)]))
    peak = np.nanmax(d[r < 4])
    if c["fwhm"] < 4.5 and peak > 20 * noise and not np.isnan(d[r < 10]).any():
        labels, _ = ndimage.label(np.where(r < 10, d, 0) > max(0.12 * peak, 3 * noise))
        w = np.where(labels == labels[np.unravel_index(np.argmax(np.where(r < 4, d, 0)), d.shape)], d, 0)
        x, y = (w * xx).sum() / w.sum(), (w * yy).sum() / w.sum()
        xy = (w * (xx - x) * (yy - y)).sum()
        low, high = np.linalg.eigvalsh([[(w * (xx - x) ** 2).sum(), xy], [xy, (w * (yy - y) ** 2).sum()]])
        kind = "real" if row["isReal"] == "true" else row["class"]
        out["shapes"].setdefault(kind, []).append(math.sqrt(high / max(low, 1e-9)) / c["elong"])
    if row["isReal"] != "true": continue
    # aperture photometry at the place that xpos, ypos give, in the difference image and in science minus template
    x, y = 31 + c["xpos"] - round(c["xpos"]), 31 + c["ypos"] - round(c["ypos"])
    r = np.hypot(xx - x, yy - y)
    inside = r < 1.5 * c["fwhm"] + 1.5
    outside = (r > 18) & (r < 30)
    expected = sign * 10 ** (0.4 * (c["magzpsci"] - c["magpsf"]))
    # ZTF subtracts the other way round where a source has faded, so that the centre is positive always
    d = sign * images["Difference"]
    if np.isnan(d[inside]).any(): continue
    noise = 1.4826 * np.nanmedian(np.abs(d[outside]))
    sm = images["Science"] - images["Template"]
    ok = images["Science"][inside].max() < 59000
    flux = [d[inside].sum(), (sm[inside] - np.nanmedian(sm[outside])).sum() if ok else expected]
    # photon noise of a bright star below counts as well
    shot = math.sqrt(max(0, (images["Template"][inside] - np.nanmedian(images["Template"][outside])).sum()) / 6.2)
    error = math.sqrt((noise * math.sqrt(inside.sum())) ** 2 + shot ** 2 + (0.03 * expected) ** 2)
    out["pull"].append([(f - expected) / error for f in flux])
    out["seen"].append(images["Difference"][inside].sum() > 0)
out["syncs"] = sorted(out["syncs"]); out["names"] = sorted(set(out["names"])); out["seen"] = sum(out["seen"]) / len(out["seen"])
out["inner"] = {k: len(v) for k, v in inner.items()}
print(json.dumps(out))
`;

describe.skipIf(needs.python())("fastavro and astropy", () => {
  it("read every packet, field and stamp, and find the flux where it should be", async () => {
    const { folder: place } = await written;
    const seen = JSON.parse(runPython(script, [place]));
    expect(seen.alerts).toBe(300);
    expect(seen.bad).toEqual([]);
    expect(seen.missing).toEqual([]);
    expect(seen.inner).toEqual({ alert: 10, candidate: 103, prv_candidate: 57, fp_hist: 29, cutout: 2 });
    expect(seen.fields).toBeGreaterThan(300 * 113);
    expect(seen.stamps).toBe(900);
    expect(seen.syncs.length).toBe(1); // of the night's seed
    expect(seen.names).toEqual([
      "candidN_pidP_targ_refmsci.fits.gz",
      "candidN_pidP_targ_sci.fits.gz",
      "candidN_pidP_targ_scimref.fits.gz",
      "candidN_ref.fits.gz",
    ]);
    const pulls: [number, number][] = seen.pull;
    expect(pulls.length).toBeGreaterThan(80);
    for (const k of [0, 1] as const) {
      const sorted = pulls.map((p) => Math.abs(p[k])).sort((a, b) => a - b);
      expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(1); // half within one sigma
      expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(3.5);
    }
    expect(seen.seen).toBeGreaterThan(0.97);
    // science minus template is the difference, sky and all, to the last step of a pixel
    expect(seen.apart).toBe(0);
    // an artefact is as elongated in its packet as on its stamp
    const counts = { real: 20, cosmicRay: 20, dipole: 20, edge: 2 };
    for (const [kind, least] of Object.entries(counts)) {
      const ratios: number[] = seen.shapes[kind].sort((a: number, b: number) => a - b);
      const at = (q: number) => ratios[Math.floor(q * ratios.length)]!;
      expect([kind, ratios.length >= least]).toEqual([kind, true]);
      expect([kind, Math.abs(at(0.5) - 1) < 0.1]).toEqual([kind, true]);
      expect([kind, at(0.1) > 0.8, at(0.9) < 1.3]).toEqual([kind, true, true]);
    }
  });
});

describe("a written night", () => {
  it("holds the alerts, the tables and what made them, and reads back the same", async () => {
    const { folder: place, alerts, bytes } = await written;
    expect(alerts).toBe(300);
    const files = readdirSync(place);
    expect(files.filter((name) => name.endsWith(".avro")).length).toBe(300);
    const manifest = JSON.parse(readFileSync(join(place, "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ seed: 5, survey: "ztf", alerts: 300, visits: 30, schema: "4.02" });
    expect(Object.values(manifest.classes as Record<string, number>).reduce((a, b) => a + b)).toBe(300);
    expect(bytes).toBeGreaterThan(300 * 40_000);
    const [first] = [...night.visits()][0]!.alerts;
    const file = readFileSync(join(place, `${first!.alertId}.avro`));
    expect(file.equals(first!.bytes)).toBe(true);
    expect(decodeAlert(file).packet).toEqual(first!.packet);
  });

  it("stops on the signal and says how far it came; refuses a folder that cannot be", async () => {
    const controller = new AbortController();
    const stop = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(night.write(join(folder, "part"), stop)).rejects.toThrow(/Stopped after \d+ of 300/);
    expect(readdirSync(join(folder, "part"))).not.toContain("manifest.json");
    const file = join((await written).folder, "manifest.json");
    await expect(night.write(join(file, "night"))).rejects.toThrow(BootcampError);
  });
});

describe.skipIf(needs.data())("the schema", () => {
  it("is ZTF's 4.02, name by name and type by type", () => {
    const plain = (t: any): unknown => {
      if (typeof t === "string") return t;
      if (Array.isArray(t)) return t.map(plain);
      if (t.type === "array") return { array: plain(t.items) };
      return { name: t.name, fields: t.fields.map((f: any) => [f.name, plain(f.type)]) };
    };
    const [alert] = [...night.visits()][0]!.alerts;
    const theirs = JSON.parse(readFileSync(dataFolder("schemas/ztf/4.02.avsc"), "utf8"));
    expect(plain(JSON.parse(alert!.schema.text))).toEqual(plain(theirs));
  });
});
