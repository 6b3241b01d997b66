// @ts-check
// One night: choose, save, draw. node tonight.mjs [FOLDER or TOPIC]; without one it takes a simulated night.
import { existsSync } from "node:fs";
import { cut, explore, plot, readAlerts, simulateNight, subscribe, table } from "alert-bootcamp";

const [source] = process.argv.slice(2);
const opened = (name) => (existsSync(name) ? readAlerts([name]) : subscribe(name));
const night = source === undefined ? simulateNight({ seed: 7 }).alerts() : opened(source);

const chosen = cut.all(cut("real", "realBogus", { min: 0.65 }), cut("bright", "mag", { max: 18.5 }));
const alerts = await night.filter(chosen).toArray();

await explore.toParquet(alerts, "tonight.parquet");
const curves = alerts.slice(0, 6).map((alert) => plot.lightCurve(alert));
const page = [`# Tonight\n\n${alerts.length} alerts were chosen.`, table(alerts)];
console.log(plot.saveHtml(curves.length > 0 ? [...page, plot.grid(curves)] : page, "tonight.html"));
console.log(String(night.ledger));
