/** The configuration of Prometheus: what it collects from where. The addresses are ours; nothing in them needs quotes. */
export function prometheusConfig({ metrics, brokers }: { metrics: string; brokers: readonly string[] }): string {
  // ports change from start to start: under names of their own, the lines of before go on instead of standing beside
  const target = (url: string, name: string) =>
    `      - { targets: ["${new URL(url).host}"], labels: { instance: "${name}" } }\n`;
  const job = (name: string, targets: readonly string[]) =>
    targets.length > 0 ? `  - job_name: ${name}\n    static_configs:\n${targets.join("")}` : "";
  const kafka = brokers.map((url, i) => target(url, `broker-${i + 1}`));
  return `# Written by "alerts up --monitoring"; edits are lost.
global:
  scrape_interval: 5s
  scrape_timeout: 5s
scrape_configs:
${job("alerts", [target(metrics, "monitor")])}${job("kafka", kafka)}`;
}
