import type { Alert } from "../alert/alert";
import { listingFields } from "../alert/common-view";
import { findField } from "../alert/fields";
import { alertToJson } from "../alert/json";
import { describeItem } from "../stream/alert-stream";
import { Listing, type ListingFormat } from "./listing";
import type { Output } from "./output";

/** How alerts of a topic are printed. */
export interface PrintFormat {
  /** Undefined for one line of text, or one object of JSON, for each alert as a whole. */
  readonly fields: readonly string[] | undefined;
  readonly format: "lines" | ListingFormat;
  readonly withKey: boolean;
}

/** Prints alerts one by one. */
export interface AlertPrinter {
  /** @throws what is wrong with this alert; NO_FIELD when none of the first hundred has a field */
  add(alert: Alert): Promise<void>;
  /** Prints what is still held; returns remarks on fields that some alerts do not have. */
  end(): Promise<string[]>;
}

export function alertPrinter({ fields, format, withKey }: PrintFormat, output: Output): AlertPrinter {
  if (fields !== undefined || format === "csv") {
    const names = [...(withKey ? ["key"] : []), ...(fields ?? listingFields)];
    return new Listing(names, format === "lines" ? "table" : format, output, {
      read: withKey ? fieldOrKey : findField,
    });
  }
  const text = format === "json" ? (alert: Alert) => alertToJson(jsonRow(alert)) : withKey ? keyedLine : line;
  return { add: (alert) => output.line(text(alert)), end: async () => [] };
}

const line = (alert: Alert): string => `${describeItem(alert)}  ${alert}`;
const keyedLine = (alert: Alert): string => `${describeItem(alert)}  ${keyOf(alert) ?? "(no key)"}  ${alert}`;

const fieldOrKey: typeof findField = (alert, field) =>
  field === "key" ? keyOf(alert as Alert) : findField(alert, field);

/** The key of an alert's message. With Fink it is the schema, 25 kB of it, of which the name is enough. */
export function keyOf({ origin, schema }: Alert): string | null {
  if (origin.kind !== "kafka") return null;
  return origin.key === schema.text ? `schema ${schema.name}` : origin.key;
}

function jsonRow(alert: Alert): Record<string, unknown> {
  const place = alert.origin.kind === "kafka" ? alert.origin : undefined;
  const kafka = place && {
    partition: place.partition,
    offset: Number(place.offset),
    timestampMs: place.timestampMs,
    key: keyOf(alert),
  };
  return {
    ...Object.fromEntries(listingFields.map((name) => [name, alert[name]])),
    bytes: alert.bytes.length,
    ...kafka,
  };
}
