import { webColumns } from "./web-state";

/** The page: all that changes is put there by {@link script}, as text and never as markup. */
export const page = (topic: string): string => pageOf(topic.replace(/[^\w.-]/g, "_"));

const pageOf = (topic: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Alerts of ${topic}</title>
<link rel="stylesheet" href="page.css"></head><body>
<h1>${topic}</h1>
<p id="counts" role="status">waiting for the first alert</p>
<div id="rate"></div>
<div class="wide"><table><thead><tr>${webColumns.map((name) => `<th>${name}</th>`).join("")}</tr></thead>
<tbody id="rows"></tbody></table></div>
<p id="hint">The light curve follows the newest alert; choose a row to keep one.</p>
<div id="curve"></div>
<script src="plotly.js"></script><script src="page.js"></script>
</body></html>
`;

export const style = `
body { font: 14px/1.5 Helvetica, Arial, sans-serif; color: #222; max-width: 1100px; margin: 1em auto; padding: 0 1em; }
h1 { font-size: 20px; margin: 0; }
#counts { font-variant-numeric: tabular-nums; }
#counts.ended { color: #a33; }
.wide { overflow: auto; max-height: 320px; border: 1px solid #ddd; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { position: sticky; top: 0; background: #fff; text-align: left; }
th, td { padding: 2px 8px; white-space: nowrap; }
tbody tr { cursor: pointer; }
tbody tr:hover, tbody tr:focus { background: #eef5fb; outline: none; }
tbody tr.chosen { background: #d6e9f8; }
`;

/** Runs in the browser: plain JavaScript without a build. */
export const script = `
"use strict";
const at = (id) => document.getElementById(id);
let chosen = null, shown = null, ended = false;

async function draw(n) {
  if (n === shown) return;
  shown = n;
  const answer = await fetch("curve/" + n).catch(() => null);
  if (!answer || !answer.ok || shown !== n) return;
  const { data, layout, config } = await answer.json();
  Plotly.react("curve", data, layout, config);
}

function choose(n) {
  chosen = chosen === n ? null : n;
  for (const row of at("rows").children) row.classList.toggle("chosen", Number(row.dataset.n) === chosen);
  if (chosen !== null) draw(chosen);
}

function rowOf({ n, cells }) {
  const row = document.createElement("tr");
  row.dataset.n = n;
  row.tabIndex = 0;
  row.classList.toggle("chosen", n === chosen);
  for (const cell of cells) row.insertCell().textContent = cell;
  return row;
}

// not "click": the row that was pressed may be gone when it is released
at("rows").addEventListener("pointerdown", (event) => choose(Number(event.target.closest("tr").dataset.n)));
at("rows").addEventListener("keydown", (event) => {
  if (event.key === "Enter") choose(Number(event.target.dataset.n));
});

const source = new EventSource("events");
source.addEventListener("state", (event) => {
  const { read, failed, perSecond, rows, rate } = JSON.parse(event.data);
  const count = (value) => value.toLocaleString("en-GB");
  at("counts").textContent = count(read) + " alerts read, " + perSecond.toFixed(1) + " a second" +
    (failed ? ", " + count(failed) + " could not be read" : "");
  const first = at("rows").firstElementChild;
  if (rows.length > 0 && Number(first && first.dataset.n) !== rows[0].n) {
    const focused = document.activeElement.dataset.n;
    at("rows").replaceChildren(...rows.map(rowOf));
    for (const row of at("rows").children) if (row.dataset.n === focused) row.focus({ preventScroll: true });
  }
  Plotly.react("rate", rate.data, rate.layout, rate.config);
  if (chosen === null && rows.length > 0) draw(rows[0].n);
});
source.addEventListener("end", (event) => {
  ended = true;
  source.close();
  at("counts").className = "ended";
  at("counts").textContent += ". " + JSON.parse(event.data);
});
source.addEventListener("error", () => {
  if (ended) return;
  at("counts").className = "ended";
  at("counts").textContent = "the command that serves this page has ended, or cannot be reached";
});
source.addEventListener("open", () => { at("counts").className = ""; });
`;
