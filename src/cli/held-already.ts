import type * as astro from "../alert";
import type { Alert } from "../alert/alert";
import * as kafka from "../kafka";
import { subscribe } from "../kafka/read/subscribe";
import { describeItem } from "../stream/alert-stream";
import { say } from "../terminal";

/** Messages of the topic's beginning that are looked at: those of a first visit. */
const looked = 200;

/**
 * Passes visits on, and says before the first of them when the topic holds its alerts already: sent twice, every count
 * taken from the topic doubles. Only the beginning of the topic is looked at.
 */
export async function* sayingWhatIsHeld(
  visits: AsyncIterable<astro.Visit<Alert>>,
  topic: string,
  signal: AbortSignal,
): AsyncGenerator<astro.Visit<Alert>> {
  let isFirst = true;
  for await (const visit of visits) {
    // what stands in the way of a look is said by the sending itself
    const held = isFirst ? await heldAlready(visit, topic, signal).catch(() => undefined) : undefined;
    isFirst = false;
    if (held)
      say(
        `${topic} holds this night already (${describeItem(held)}): it is added once more\n→ --fresh empties the topic first`,
      );
    yield visit;
  }
}

async function heldAlready(visit: astro.Visit<Alert>, topic: string, signal: AbortSignal): Promise<Alert | undefined> {
  if ((await kafka.describeTopic(topic)).messages === 0n) return undefined;
  const wanted = new Set(visit.alerts.map(identity));
  const stream = await subscribe(topic, { from: "earliest", until: "caught-up", signal, progress: false });
  let read = 0;
  for await (const alert of stream) {
    if (wanted.has(identity(alert))) return alert;
    if (++read === looked) return undefined;
  }
  return undefined;
}

/** ELAsTiCC's test alerts all share one id. */
const identity = ({ alertId, objectId, mjdUtc }: Alert): string => `${alertId} ${objectId} ${mjdUtc}`;
