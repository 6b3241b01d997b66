/** The configuration of Prometheus: what it collects from where. The addresses are ours; nothing in them needs quotes. */
export function prometheusConfig({ metrics, brokers }: { metrics: string; brokers: readonly string[] }): string {
  const targets = (urls: readonly string[]) => urls.map((url) => `"${new URL(url).host}"`).join(", ");
  const jobs = [["alerts", targets([metrics])], ...(brokers.length > 0 ? [["kafka", targets(brokers)]] : [])];
  return `# Written by "alerts up --monitoring"; edits are lost.
global:
  scrape_interval: 2s
  scrape_timeout: 2s
scrape_configs:
${jobs.map(([name, hosts]) => `  - job_name: ${name}\n    static_configs: [{ targets: [${hosts}] }]\n`).join("")}`;
}
