// The picture of scale.mjs: one panel for each curve, both axes logarithmic, with a line in proportion to the size to compare with.
const [width, height, margin] = [320, 240, 60];
const inner = { width: width - 2 * margin + 36, height: height - 2 * margin };

const inkOf = (text, x, y, more = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${text}</text>`;
const time = (seconds) =>
  seconds >= 1
    ? `${seconds} s`
    : seconds >= 1e-3
      ? `${+(seconds * 1e3).toPrecision(3)} ms`
      : `${+(seconds * 1e6).toPrecision(3)} µs`;
const line = (points, style) =>
  `<polyline points="${points.map((p) => p.map((v) => v.toFixed(1)).join()).join(" ")}" ${style}/>`;

function panel({ what, points, exponents }, left, top) {
  const sizes = points.map(({ size }) => Math.log10(size));
  const logs = points.map(({ seconds }) => Math.log10(seconds));
  const [first, last] = [sizes[0], sizes.at(-1)];
  const low = Math.floor(Math.min(...logs));
  const high = Math.ceil(Math.max(...logs, logs[0] + 1));
  const at = (size, log) => [
    left + margin + (inner.width * (size - first)) / (last - first),
    top + margin + inner.height * (1 - (log - low) / (high - low)),
  ];
  const decades = Array.from({ length: high - low + 1 }, (_, n) => low + n);
  const linearEnd = Math.min(last, first + high - logs[0]);
  return [
    inkOf(what, left + margin, top + 22, 'font-weight="bold"'),
    ...decades.map((log) => line([at(first, log), at(last, log)], 'stroke="#ddd"')),
    ...decades.map((log) => inkOf(time(10 ** log), left + margin - 6, at(first, log)[1] + 4, 'text-anchor="end"')),
    ...points.map(({ size }, n) =>
      inkOf(
        size.toLocaleString("en", { notation: "compact" }),
        at(sizes[n], low)[0],
        at(first, low)[1] + 16,
        'text-anchor="middle"',
      ),
    ),
    line([at(first, logs[0]), at(linearEnd, logs[0] + linearEnd - first)], 'stroke="#999" stroke-dasharray="4 3"'),
    line(
      points.map((_, n) => at(sizes[n], logs[n])),
      'stroke="#1f77b4" stroke-width="2"',
    ),
    ...points.map((_, n) => {
      const [x, y] = at(sizes[n], logs[n]);
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="#1f77b4"/>`;
    }),
    ...exponents.map((exponent, n) => {
      const [x, y] = at((sizes[n] + sizes[n + 1]) / 2, (logs[n] + logs[n + 1]) / 2);
      return inkOf(exponent.toFixed(2), x + 4, y + 14, 'fill="#1f77b4"');
    }),
  ].join("\n");
}

/** @param curves { what, points: { size, seconds }[], exponents }[] */
export function draw(curves) {
  const perRow = 3;
  const [w, h] = [perRow * width, Math.ceil(curves.length / perRow) * height + 20];
  const panels = curves.map((curve, n) => panel(curve, (n % perRow) * width, Math.floor(n / perRow) * height));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" font-family="sans-serif" font-size="11" fill="none">
<rect width="${w}" height="${h}" fill="white"/>
<g fill="#222">
${panels.join("\n")}
${inkOf("Seconds of processor time against size; the numbers are the exponents of the steps, the broken line is exponent 1.", margin, h - 12)}
</g>
</svg>
`.replaceAll("<polyline", '<polyline fill="none"');
}
