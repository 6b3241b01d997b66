import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/alert/alert";
import { writeContainer } from "../../src/avro/container-write";
import { readAlerts } from "../../src/files/read-alerts";
import { readVisits } from "../../src/files/read-visits";
import { safeName, writeAlerts } from "../../src/files/write-alerts";
import type { Failure } from "../../src/stream/ledger";
import { dataFolder, needs } from "../helpers/data";
import { errorOf, scratch, tgzOf } from "./make";

const folder = scratch();
const ids = (alerts: readonly Alert[]) => alerts.map((alert) => String(alert.alertId)).sort();
const spools = () => readdirSync(tmpdir()).filter((name) => /^alert-bootcamp-\w{6}$/.test(name));

describe.skipIf(needs.data())("readVisits", () => {
  it("gives every alert once, grouped as its packet says, in the order of observation", async () => {
    const alerts = await readAlerts(dataFolder("ztf")).toArray();
    const visits = await readVisits(dataFolder("ztf")).toArray();
    expect(ids(visits.flatMap((visit) => visit.alerts))).toEqual(ids(alerts));
    const times = visits.map((visit) => visit.mjdUtc);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(visits.map((visit) => visit.id)).size).toBe(visits.length);
    for (const visit of visits) for (const alert of visit.alerts) expect(alert.visitId).toBe(visit.id);
    // one exposure of 2023-10-12 has 24 alerts (the data's own description)
    expect(Math.max(...visits.map((visit) => visit.alerts.length))).toBe(24);
  });

  it("reads archives and containers of many alerts the same, and leaves no temporary file", async () => {
    const names = readdirSync(dataFolder("ztf"));
    const entries = names.map((name) => [name, readFileSync(dataFolder("ztf", name))] as const);
    const archive = join(folder, "night.tar.gz");
    writeFileSync(archive, await tgzOf([["inner.tar.gz", await tgzOf(entries)]]));
    const plain = await readVisits(dataFolder("ztf")).toArray();
    const before = spools();
    const packed = await readVisits(archive).toArray();
    expect(packed.map((visit) => [visit.id, visit.field, ids(visit.alerts)])).toEqual(
      plain.map((visit) => [visit.id, visit.field, ids(visit.alerts)]),
    );
    expect(packed[0]!.alerts[0]!.bytes.equals(plain[0]!.alerts[0]!.bytes)).toBe(true);
    expect(spools()).toEqual(before);
    const alerts = plain
      .flatMap((visit) => visit.alerts)
      .filter((alert) => alert.schema === plain[0]!.alerts[0]!.schema);
    const many = join(folder, "many.avro.gz");
    const shuffled = [...alerts].sort((a, b) => (String(a.objectId) < String(b.objectId) ? 1 : -1));
    writeFileSync(
      many,
      gzipSync(
        writeContainer(
          alerts[0]!.schema,
          shuffled.map((alert) => alert.record),
        ),
      ),
    );
    expect(ids((await readVisits(many).toArray()).flatMap((visit) => visit.alerts))).toEqual(ids(alerts));
  });

  it("frees its temporary file when the loop is left or stopped", async () => {
    const archive = join(folder, "night.tar.gz");
    const open = () => readdirSync("/proc/self/fd").length;
    const before = existsSync("/proc/self/fd") ? open() : 0;
    for await (const visit of readVisits(archive)) if (visit.alerts.length > 0) break;
    const stop = new AbortController();
    const stopped = readVisits(archive, { signal: stop.signal }).tap(() => stop.abort());
    expect(await errorOf(stopped.toArray())).toMatchObject({ code: "ABORTED" });
    expect(existsSync("/proc/self/fd") ? open() : 0).toBe(before);
    expect(await readVisits(archive, { limit: 2 }).count()).toBe(2);
  });

  it("counts what is bad, and what vanishes between the two passes, and gives the rest", async () => {
    const place = join(folder, "changing");
    mkdirSync(place);
    for (const name of readdirSync(dataFolder("ztf")).slice(0, 4))
      writeFileSync(join(place, name), readFileSync(dataFolder("ztf", name)));
    writeFileSync(join(place, "bad.avro"), "not an alert");
    const failures: Failure[] = [];
    const stream = readVisits(place, { onFailure: (failure) => failures.push(failure) });
    let read = 0;
    for await (const visit of stream) {
      read += visit.alerts.length;
      const { origin } = visit.alerts[0]!;
      const kept = origin.kind === "file" ? origin.path : "";
      if (read < 2)
        for (const name of readdirSync(place)) if (join(place, name) !== kept) unlinkSync(join(place, name));
    }
    expect(read + failures.length).toBe(5);
    expect(failures[0]!.error).toMatchObject({ code: "NOT_AVRO" });
    for (const { error } of failures.slice(1)) expect(error).toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(stream.ledger.failed).toBe(failures.length);
  });
});

describe.skipIf(needs.data())("writeAlerts", () => {
  it("writes the bytes as they came, once, and reads them back", async () => {
    const target = join(folder, "written");
    expect(await writeAlerts(readAlerts(dataFolder("ztf")), target)).toEqual({ written: 115, present: 0 });
    expect(await writeAlerts(readAlerts(dataFolder("ztf")), target)).toEqual({ written: 0, present: 115 });
    const [first] = await readAlerts(dataFolder("ztf")).take(1).toArray();
    expect(readFileSync(join(target, `${first!.alertId}.avro`))).toEqual(first!.bytes);
    expect(ids(await readAlerts(target).toArray())).toEqual(ids(await readAlerts(dataFolder("ztf")).toArray()));
  });

  it("loses none of several alerts of one id", async () => {
    const target = join(folder, "elasticc");
    const { written, present } = await writeAlerts(readAlerts(dataFolder("elasticc")), target);
    expect(written + present).toBe(42);
    expect(readdirSync(target)).toHaveLength(written);
    const objects = async (path: string) =>
      new Set(
        await readAlerts(path)
          .map((alert) => String(alert.packet.diaSource.diaSourceId))
          .toArray(),
      );
    expect(await objects(target)).toEqual(await objects(dataFolder("elasticc")));
  });

  it("puts a message without schema into a container, and overwrites only when asked", async () => {
    const target = join(folder, "wire");
    const message = dataFolder("lsst", "7912941781254298.confluent.avro");
    const schema = readFileSync(dataFolder("schemas/lsst/9.0.avsc"), "utf8");
    mkdirSync(target);
    writeFileSync(join(target, "7912941781254298.avro"), "mine");
    await writeAlerts(readAlerts(message, { schema }), target);
    expect(readFileSync(join(target, "7912941781254298.avro"), "utf8")).toBe("mine");
    const [alert] = await readAlerts(join(target, "7912941781254298-2.avro")).toArray();
    expect(alert!.alertId).toBe(7912941781254298n);
    await writeAlerts(readAlerts(message, { schema }), target, { overwrite: true });
    expect((await readAlerts(join(target, "7912941781254298.avro")).toArray())[0]!.alertId).toBe(7912941781254298n);
  });

  it("makes names that stay in the folder", () => {
    expect(["../../etc/passwd", "..", ".x", "a b/c", "", "x".repeat(300)].map(safeName)).toEqual([
      "__.._etc_passwd",
      "_",
      "_x",
      "a_b_c",
      "alert",
      "x".repeat(120),
    ]);
  });
});
