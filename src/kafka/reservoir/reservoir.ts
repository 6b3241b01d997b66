import { refuse } from "../../errors";
import { type ConnectionOptions, withAdmin } from "../client/connection";
import { headerText, type RecordHeaders } from "../client/record";
import { extentOf, heldIn } from "../read/positions";

/** Header of a reservoir's messages: seconds since its first alert, as decimal text. The name is rubin-alert-sim's. */
export const timeOffsetHeader = "alertsim-time-offset";

/** The offset of a message in seconds; undefined when it has none that can be read. */
export function timeOffsetOf(headers: RecordHeaders | undefined): number | undefined {
  const text = headerText(headers, timeOffsetHeader);
  const seconds = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Messages a topic holds; undefined when there is no such topic. */
export async function messagesIn(topic: string, options: ConnectionOptions): Promise<bigint | undefined> {
  const extent = await withAdmin(options, (admin) => extentOf(admin, topic));
  return extent ? heldIn(extent) : undefined;
}

/** The error for a topic that would be overwritten. */
export function occupiedError(topic: string, held: bigint, remedy: string): Error {
  return refuse("a topic that is not there or is empty", `"${topic}" with ${held} messages`, remedy);
}
