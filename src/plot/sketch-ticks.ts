type Options = Readonly<Record<string, any>>;

/** Names beside an axis, at most. */
const maxCategories = 40;
const day = 86_400;
const dateSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, day, 10 * day, 30 * day, 100 * day]
  .concat([1, 2, 5, 10, 50, 100, 1000].map((years) => 365.25 * day * years))
  .map((seconds) => seconds * 1000);
/** The last moment that a date can name, ms. */
const lastDate = 8.64e15;

interface Values {
  readonly kind: string;
  readonly categories: readonly string[];
  value(raw: unknown): number;
}

/** Places and labels of the ticks between two ends of an axis: as the figure gives them, or at round numbers. */
export function ticksOf(
  options: Options,
  low: number,
  high: number,
  { kind, categories, value }: Values,
): { at: number; label: string }[] {
  if (Array.isArray(options["tickvals"])) {
    const labels: readonly unknown[] = options["ticktext"] ?? options["tickvals"];
    const all = options["tickvals"]
      .map((tick, i) => ({ at: value(tick), label: String(labels[i] ?? tick) }))
      .filter(({ at }) => at >= low - 1e-9 && at <= high + 1e-9);
    return all.filter((_, i) => i % Math.ceil(all.length / 8) === 0);
  }
  if (kind === "category") {
    const step = Math.ceil(categories.length / maxCategories);
    return categories.map((label, at) => ({ at, label })).filter(({ at }) => at % step === 0);
  }
  if (kind === "date") return dateTicks(low, high);
  if (kind === "log") return logTicks(low, high);
  const step = roundStep(high - low);
  const digits = Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return steps(low, high, step).map((at) => ({ at, label: at.toFixed(digits).replace("-", "−") }));
}

function dateTicks(low: number, high: number): { at: number; label: string }[] {
  if (!(low > -lastDate && high < lastDate)) return [];
  const step = dateSteps.find((candidate) => (high - low) / candidate <= 6) ?? dateSteps.at(-1)!;
  const [from, to] = step >= day * 1000 ? [0, 10] : [11, step < 1000 ? 21 : 19];
  return steps(low, high, step).map((at) => ({ at, label: new Date(at).toISOString().slice(from, to) }));
}

function logTicks(low: number, high: number): { at: number; label: string }[] {
  const label = (at: number) =>
    Number((10 ** at).toPrecision(6)).toLocaleString("en-GB", { maximumSignificantDigits: 6 });
  const decades = steps(low, high, Math.max(1, Math.ceil((high - low) / 8)));
  if (decades.length > 1) return decades.map((at) => ({ at, label: label(at) }));
  const step = roundStep(10 ** high - 10 ** low);
  return steps(10 ** low, 10 ** high, step)
    .filter((value) => value > 0)
    .map((value) => ({ at: Math.log10(value), label: label(Math.log10(value)) }));
}

/** 1, 2 or 5 times a power of ten, so that some six steps fill the span. */
function roundStep(span: number): number {
  const rough = span / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough) ?? rough;
}

function steps(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.min(50, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: Math.max(0, count) || 0 }, (_, i) => (first + i) * step + 0);
}
