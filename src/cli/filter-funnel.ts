import { type Alert, type AlertFilter, all, capPerVisit, Funnel, type FunnelRow, funnel, subscribe } from "../index";
import { printText } from "../terminal";

interface FunnelSettings {
  filters: readonly AlertFilter[];
  capPerVisit?: number | undefined;
  schema?: string | undefined;
  registry?: string | undefined;
  limit?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Alerts in memory at a time. */
const chunk = 500;

/** Prints for each filter what every one of its cuts leaves, in one pass over the topic. */
export async function printFunnels(topic: string, settings: FunnelSettings): Promise<void> {
  const { schema, registry, limit, signal, capPerVisit: places = 20 } = settings;
  const cuts = settings.filters.map(({ name, accepts }) => {
    // a cut shows its parts; a plain function is one step
    return Number.isFinite(places) ? all(name, accepts, capPerVisit(places)) : all(name, accepts);
  });
  const sums: (Funnel | undefined)[] = cuts.map(() => undefined);
  const count = async (alerts: readonly Alert[]) => {
    for (const [n, cut] of cuts.entries()) sums[n] = add(sums[n], await funnel(alerts, cut));
  };
  let held: Alert[] = [];
  const stream = await subscribe(topic, {
    schema,
    registry,
    limit,
    signal,
    until: limit === undefined ? "caught-up" : "idle",
  });
  for await (const alert of stream) {
    held.push(alert);
    if (held.length < chunk) continue;
    await count(held);
    held = [];
  }
  await count(held);
  for (const [n, { name }] of settings.filters.entries()) printText(`${name}\n${sums[n]}\n`);
}

function add(sum: Funnel | undefined, part: Funnel): Funnel {
  if (!sum) return part;
  const more = [...part.rows];
  const rows = [...sum.rows].map((row, n): FunnelRow => {
    const { passed, rejected, missing, failed } = more[n]!;
    return {
      ...row,
      passed: row.passed + passed,
      rejected: row.rejected + rejected,
      missing: row.missing + missing,
      failed: row.failed + failed,
    };
  });
  return new Funnel(sum.total + part.total, rows, [...sum.problems, ...part.problems].slice(0, 20));
}
