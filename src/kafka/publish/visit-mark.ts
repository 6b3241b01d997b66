import { randomBytes } from "node:crypto";
import { firstOf, type Message } from "../client/record";

/**
 * Header of every published message that says where in its night it stands: "3 of 50, 12 alerts, night 9f2c61d0". The name of the
 * night tells the rounds of a loop apart; without "of 50" nobody knew how many visits there would be.
 */
export const VISIT_HEADER = "bootcamp-visit";

/** Where a message stands in its night. */
export interface VisitMark {
  /** 1, 2, … of the visits that have alerts. */
  readonly visit: number;
  /** Visits of the night; undefined when the sender did not know. */
  readonly of: number | undefined;
  /** Alerts that were sent of this visit. */
  readonly alerts: number;
  readonly night: string;
}

const form = /^(\d{1,9})(?: of (\d{1,9}))?, (\d{1,9}) alerts, night ([\w-]{1,40})$/;

/** A name for the night that a sender begins. */
export const nameNight = (): string => randomBytes(4).toString("hex");

export const markText = ({ visit, of, alerts, night }: VisitMark): string =>
  `${visit}${of === undefined ? "" : ` of ${of}`}, ${alerts} alerts, night ${night}`;

/** The mark of a message; undefined where there is none that can be read. */
export function markOf({ message }: Message): VisitMark | undefined {
  const header = firstOf(message.headers?.[VISIT_HEADER]);
  const found = header === undefined || header === null ? null : form.exec(String(header));
  if (!found) return undefined;
  const [, visit, of, alerts, night] = found;
  return { visit: Number(visit), of: of === undefined ? undefined : Number(of), alerts: Number(alerts), night: night! };
}
