import { type Alert, type AlertView, astro, cut, match, simulateNight } from "../../src/index";

/** The names that examples of doc comments take as known, as the cells before them would have defined them. */
export async function exampleNames() {
  const simulated = simulateNight({ seed: 7 });
  const night: Alert[] = await simulated.alerts().toArray();
  const clean = cut.all("clean", cut("real", "realBogus", { min: 0.65 }), cut("bright", "mag", { max: 19 }));
  const bright = night.filter(clean);
  const alert = bright.reduce((most, one) => (one.history.length > most.history.length ? one : most));
  const rows = bright
    .slice(0, 40)
    .map(({ ra, dec, objectId }) => ({ ra, dec, name: String(objectId), VarType: "RRAB", Type: "G" }));
  const stars = match.catalogFromRows(rows);
  const matched = bright.map(match.crossmatch(stars, { radiusArcsec: 2 }));
  return {
    night,
    clean,
    bright,
    alert,
    // of one object
    alerts: [alert],
    matched,
    matches: matched.flatMap((one) => one.match ?? []),
    stream: simulated.alerts(),
    message: { value: alert.bytes, key: null as Buffer | null },
    objects: night.map((one) => ({ g: one.mag, r: one.mag + 0.3, mag: one.mag, realBogus: one.realBogus })),
    tenObjects: night.slice(0, 10).map((one) => astro.lightCurve(one)),
    gcvs: stars,
    ngc: stars,
    stars: rows,
    hosts: new Map<unknown, cut.KilonovaHost>(),
    before: cut("before", (a: AlertView) => a.mag, { max: 18 }),
    after: cut("after", (a: AlertView) => a.mag, { max: 19 }),
    mine: cut("mine", (a: AlertView) => a.mag, { max: 18 }),
    yours: cut("yours", (a: AlertView) => a.realBogus, { min: 0.6 }),
    myFilter: clean,
    rows: [{ timeMs: 0, count: 1 }],
  };
}
