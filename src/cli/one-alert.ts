import type * as files from "../files";
import { readAlerts } from "../files/read-alerts";
import type * as kafka from "../kafka";
import { asUsage } from "./wrong-usage";

/**
 * Sees that files hold an alert, before a topic is emptied for them or a stream ended.
 *
 * @throws USAGE when there is none; what is wrong with the first file when none can be read
 */
export function expectOneAlert(paths: readonly string[], { schema, signal }: files.ReadOptions): Promise<void> {
  return asUsage(["NO_ALERTS"], async () => {
    let first: unknown;
    const onFailure = ({ error }: kafka.Failure) => void (first ??= error);
    for await (const _ of readAlerts([...paths], { limit: 1, schema, signal, onFailure })) return;
    throw first;
  });
}
