import type * as files from "../files";
import { formatBytes } from "../files/limits";
import { erase } from "../terminal";
import { ProgressLine } from "./progress-line";

/** How far the nights are that are under way. */
export class DownloadProgress {
  readonly #nights = new Map<string, files.NightProgress>();
  readonly #line = new ProgressLine();

  update(step: files.NightProgress): void {
    this.#nights.set(step.night, step);
    this.#line.update(() => [...this.#nights.values()].map(describe).join("   "));
  }

  /** The night is done: it is shown no longer. */
  finish(night: string): void {
    this.#nights.delete(night);
    erase();
  }
}

/** `20181129 45 % of 22.0 MB, 3.1 MB/s, 4 s left` */
export function describe(step: files.NightProgress): string {
  const { night, receivedBytes, totalBytes, bytesPerSecond, secondsLeft } = step;
  const share = totalBytes
    ? `${Math.floor((100 * receivedBytes) / totalBytes)} % of ${formatBytes(totalBytes)}`
    : formatBytes(receivedBytes);
  const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
  return `${night} ${share}, ${formatBytes(Math.round(bytesPerSecond))}/s${left}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
